"""The parts of the table, one module each with ``rows(threads)``."""

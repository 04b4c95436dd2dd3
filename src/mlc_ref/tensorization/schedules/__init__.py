"""Schedules that bring ``programs.matmul.matmul`` to tensor instructions. Each rewrites the ``Schedule`` it is given."""

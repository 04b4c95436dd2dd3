"""What runs the course: website, exercises, grading, the command ``mlc``. Never imported by ``mlc_ref``."""

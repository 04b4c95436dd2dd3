"""Messages between the processes of a grading run."""

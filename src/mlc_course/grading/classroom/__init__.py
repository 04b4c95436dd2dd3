"""nbgrader's steps for a class: collecting, grading, the gradebook, feedback, export."""

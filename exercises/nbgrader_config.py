"""What an instructor's nbgrader loads; ``mlc course create`` writes a configuration that calls ``configure``."""


def configure(c) -> None:
    """Set nbgrader up for the exercise sets of this course."""
    c.CourseDirectory.course_id = "mlc"
    # TVM compiles in graded cells: nbgrader's own limit of 30 seconds a cell is short on a busy machine.
    c.Execute.timeout = 300
    # A deleted check cell comes back and fails; it does not take the rest of the submission with it.
    c.OverwriteCells.add_missing_cells = True
    # Downloaded submissions are called <student>_<stem>.ipynb, alone or in an archive.
    c.FileNameCollectorPlugin.named_regexp = r".*/(?P<student_id>[^_/]+)_(?P<file_id>\w+)"

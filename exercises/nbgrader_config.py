"""What an instructor's nbgrader loads; ``mlc course create`` writes a configuration that calls ``configure``."""

import warnings

from nbconvert.preprocessors import ClearMetadataPreprocessor
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    GetGrades,
    IgnorePattern,
    LimitOutput,
    OverwriteCells,
    OverwriteKernelspec,
    SaveAutoGrades,
)
from sqlalchemy.exc import SAWarning

from mlc_course.exercises.catalog import exercise_stems
from mlc_course.grading.collect import STUDENT_NAME, BoundedExtractor
from mlc_course.grading.feedback import FeedbackExporter
from mlc_course.grading.formgrader import protect
from mlc_course.grading.handins import take_only_declared
from mlc_course.grading.preprocessors import Sanitize, SubmissionExporter, TrustedGrade, prepare_submission


def configure(c) -> None:
    """Set nbgrader up for the exercise sets of this course: submissions run in a box and are judged outside it."""
    # SQLAlchemy's remarks on how nbgrader uses it say nothing to an instructor.
    warnings.filterwarnings("ignore", category=SAWarning)
    c.CourseDirectory.course_id = "mlc"
    # Downloaded submissions are called <student>_<stem>.ipynb, alone or in an archive. Names become folders.
    stems = "|".join(exercise_stems())
    c.FileNameCollectorPlugin.named_regexp = rf".*/(?P<student_id>{STUDENT_NAME})_(?P<file_id>{stems})\.ipynb$"
    c.ZipCollectApp.extractor_plugin = BoundedExtractor

    # Without this, pages stay as they were when marks change.
    c.GenerateFeedback.force = True
    # Text that students write must not run in the browser of whoever reads it.
    c.GenerateFeedback.exporter_class = FeedbackExporter
    c.GenerateFeedback.preprocessors = [GetGrades]
    protect()
    take_only_declared()

    c.Autograde.pre_convert_hook = prepare_submission
    c.Autograde.exporter_class = SubmissionExporter
    c.Autograde.sanitize_preprocessors = [
        Sanitize,
        OverwriteKernelspec,
        OverwriteCells,
        CheckCellMetadata,
    ]
    c.Autograde.autograde_preprocessors = [
        TrustedGrade,
        IgnorePattern,
        ClearMetadataPreprocessor,
        LimitOutput,
        SaveAutoGrades,
        AssignLatePenalties,
        CheckCellMetadata,
    ]

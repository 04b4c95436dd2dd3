"""What an instructor's nbgrader loads; ``mlc course create`` writes a configuration that calls ``configure``."""

import warnings

from nbconvert.preprocessors import ClearMetadataPreprocessor
from nbgrader.converters import GenerateAssignment
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    IgnorePattern,
    LimitOutput,
    OverwriteCells,
    OverwriteKernelspec,
    SaveAutoGrades,
)
from sqlalchemy.exc import SAWarning

from mlc_course.grading.classroom.assignment_source import RequireGradable
from mlc_course.grading.classroom.declared_files import take_only_declared
from mlc_course.grading.classroom.export import GradesExport
from mlc_course.grading.classroom.preprocessors import (
    LeaveToHand,
    Sanitize,
    SubmissionExporter,
    TrustedGrade,
    prepare_submission,
)
from mlc_course.grading.classroom.removed_students import GradesOfKnown
from mlc_course.grading.classroom.roster import accept_rosters
from mlc_course.grading.collecting.plugins import BoundedExtractor, HandInCollector
from mlc_course.grading.pages.feedback import FeedbackExporter
from mlc_course.grading.pages.formgrader import protect
from mlc_course.terminal import escape_log_records


def configure(c) -> None:
    """Set nbgrader up for the exercise sets of this course: submissions run in a box and are judged outside it."""
    # SQLAlchemy's remarks on how nbgrader uses it say nothing to an instructor.
    warnings.filterwarnings("ignore", category=SAWarning)
    c.CourseDirectory.course_id = "mlc"
    # Downloads are called <student>_<stem>.ipynb, or as Moodle and Canvas call them, unless named_regexp is set.
    c.ZipCollectApp.extractor_plugin = BoundedExtractor
    c.ZipCollectApp.collector_plugin = HandInCollector

    escape_log_records()  # names of students, and of their files, go into the logs of every command
    c.ExportApp.plugin_class = GradesExport
    accept_rosters()

    # Without this, pages stay as they were when marks change.
    c.GenerateFeedback.force = True
    # Text that students write must not run in the browser of whoever reads it.
    c.GenerateFeedback.exporter_class = FeedbackExporter
    c.GenerateFeedback.preprocessors = [GradesOfKnown]
    protect()
    take_only_declared()

    # What could not be graded is refused before it is released, with the sentence that says what to do.
    c.GenerateAssignment.preprocessors = [RequireGradable, *GenerateAssignment.preprocessors.default()]

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
        LeaveToHand,
        AssignLatePenalties,
        CheckCellMetadata,
    ]

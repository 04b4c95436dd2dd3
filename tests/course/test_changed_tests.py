"""``make test-quick`` runs the tests that a change can reach, and not those of other topics."""

from mlc_course.authoring.changed_tests import affected_tests
from mlc_course.root import course_root

ROOT = course_root()


def test_a_module_s_own_tests_run_and_those_of_later_topics_that_use_it_but_no_earlier_ones():
    chosen = affected_tests(ROOT, ["src/mlc_ref/tensorization/accelerator.py"])
    assert "tests/ref/tensorization/test_tensorization.py" in chosen
    assert not any(name.startswith(("tests/ref/introduction/", "tests/ref/tensor_programs/")) for name in chosen)


def test_a_change_of_exercises_runs_the_tests_of_their_topic():
    chosen = affected_tests(ROOT, ["exercises/gpu/checks/sum_rows.py"])
    assert any(name.startswith("tests/ref/gpu/") for name in chosen)
    assert not any(name.startswith("tests/ref/schedules/") for name in chosen)


def test_a_helper_of_tests_runs_the_tests_that_use_it():
    assert "tests/grading/test_unusual_right_answers.py" in affected_tests(ROOT, ["tests/support/submissions.py"])


def test_a_test_that_changed_runs_itself():
    assert "tests/site/test_site_mathml.py" in affected_tests(ROOT, ["tests/site/test_site_mathml.py"])


def test_a_pin_may_change_everything():
    assert affected_tests(ROOT, ["requirements.lock"]) == ["tests"]

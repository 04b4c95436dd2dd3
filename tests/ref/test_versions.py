"""The guard against a TVM that the course was not written for."""

from importlib.metadata import PackageNotFoundError

import pytest

from mlc_ref import versions
from mlc_ref.versions import PINNED, require_versions, version_problems


def test_the_version_guard_accepts_the_pins_and_names_what_differs():
    assert version_problems(lambda package: PINNED[package]) == []
    problems = version_problems({"apache-tvm": "0.20.0", "apache-tvm-ffi": PINNED["apache-tvm-ffi"]}.__getitem__)
    assert [each.en for each in problems] == [
        "apache-tvm: found 0.20.0, the course needs 0.27.0.post1; run: pip install apache-tvm==0.27.0.post1"
    ]


def test_the_version_guard_names_a_missing_package():
    def nothing_installed(package: str) -> str:
        raise PackageNotFoundError(package)

    assert "apache-tvm-ffi: found none" in version_problems(nothing_installed)[1].en


def test_wrong_versions_stop_early(monkeypatch):
    require_versions()
    monkeypatch.setattr(versions, "PINNED", {"numpy": "0.1"})
    with pytest.raises(RuntimeError, match=r"numpy: found .*, the course needs 0\.1"):
        require_versions()

"""The course's static rules, one function a rule: ``mlc lint [STEM]`` runs them, and so do the tests."""

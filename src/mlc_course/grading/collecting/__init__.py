"""``nbgrader zip_collect``: whose a downloaded file is, and which of several is taken."""

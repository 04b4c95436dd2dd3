"""What pyproject.toml cannot say: the widgets' scripts and style, which the website owns, are part of the installed package."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class WithWidgets(build_py):
    """Copies ``chapters/_static`` to where ``mlc_ref.viz.scripts`` looks; an editable installation reads it in its place."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:
            static, target = Path("chapters", "_static"), Path(self.build_lib, "mlc_ref", "viz", "static")
            shutil.copytree(static / "widgets", target / "widgets", dirs_exist_ok=True)
            shutil.copyfile(static / "widgets.css", target / "widgets.css")


setup(cmdclass={"build_py": WithWidgets})

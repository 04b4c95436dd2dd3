"""``mlc course create``: an instructor's folder in which the standard nbgrader commands run."""

import importlib.util
from pathlib import Path
from typing import Any

from mlc_course.exercises.catalog import exercise_stems, set_folder
from mlc_course.exercises.notebooks import instructor_notebook
from mlc_course.root import course_root
from mlc_ref.language import Language, Text

_CONFIG = '''\
"""nbgrader's configuration for this course folder. Your own settings go below the last line."""

from mlc_course.exercises.course import configure_nbgrader

c = get_config()
configure_nbgrader(c)
'''

_README = Text(
    """\
# Course folder

Made by `mlc course create`. One assignment for each exercise set: {stems}.
Run the commands in this folder, in the environment in which the course is installed.

| step | command |
|---|---|
| make the notebooks students get, in `release/` | `nbgrader generate_assignment {stem}` |
| put submissions in place | `submitted/<student>/{stem}/{stem}.ipynb` |
| or collect downloads: `<student>_{stem}.ipynb`, or archives, in `downloaded/{stem}/archive/` | `nbgrader zip_collect {stem}` |
| or from nbgrader's exchange | `nbgrader collect {stem}` |
| grade | `nbgrader autograde {stem}`, or `mlc grade {stem}`: the same marks, several submissions at a time |
| write the feedback pages, in `feedback/` | `nbgrader generate_feedback {stem}` |
| write all scores to `grades.csv` | `nbgrader export` |
| look at everything in a browser | `jupyter lab`, menu Nbgrader, Formgrader |

`source/` holds the solutions: keep this folder to yourself. You may change points in it, leave items out and add cells of your own
before `nbgrader generate_assignment`, which refuses what could not be graded and says what to do.

**Two languages in one class.** The notebooks of both languages have the same code, item names and points. Hand out either or
both (`mlc exercises build --lang all` writes them); an assignment takes submissions in both, and each gets its feedback in
the language of its notebook. There is one assignment a set, so points are never counted twice.
""",
    """\
# 课程文件夹

由 `mlc course create` 生成。每个练习集对应一次作业：{stems}。
请在本文件夹中、在安装了课程的环境里运行下列命令。

| 步骤 | 命令 |
|---|---|
| 生成发给学生的笔记本（在 `release/` 中） | `nbgrader generate_assignment {stem}` |
| 放入提交 | `submitted/<学生>/{stem}/{stem}.ipynb` |
| 或收取下载的文件：`downloaded/{stem}/archive/` 中的 `<学生>_{stem}.ipynb` 或压缩包 | `nbgrader zip_collect {stem}` |
| 或从 nbgrader 的交换目录收取 | `nbgrader collect {stem}` |
| 评分 | `nbgrader autograde {stem}`；或 `mlc grade {stem}`：分数相同，可同时评多份提交 |
| 生成反馈页面（在 `feedback/` 中） | `nbgrader generate_feedback {stem}` |
| 把全部成绩写入 `grades.csv` | `nbgrader export` |
| 在浏览器中查看 | `jupyter lab`，菜单 Nbgrader，Formgrader |

`source/` 中含有解答：请勿外传本文件夹。运行 `nbgrader generate_assignment` 之前，可以在其中修改分值、去掉题目或加入自己的单元格；
无法评分的内容，这条命令会拒绝发布，并说明应当怎么办。

**一个班级，两种语言。** 两种语言的笔记本代码、题目名称与分值完全相同。可以任选其一或两种都发
（`mlc exercises build --lang all` 会生成它们）；同一次作业两种语言的提交都接受，反馈使用该笔记本的语言。
每个练习集只有一次作业，分数不会重复计算。
""",
)


class CourseFolderProblem(Exception):
    """The folder cannot be made; one paragraph says why and what to do."""


def create_course(folder: Path, lang: Language, stems: list[str] | None = None) -> list[str]:
    """Make an instructor's course folder and return the exercise sets in it.

    Args:
        folder: must not exist, or be empty.
        stems: exercise sets to include, by default all.

    Raises:
        CourseFolderProblem: the folder holds something; it is left as it is.
        UnknownStem: there is no such set; nothing is made.
    """
    import nbformat

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CourseFolderProblem(
            f"{folder} exists and is not an empty folder; it was left untouched. Give the name of a new folder."
        )
    chosen = stems or exercise_stems()
    for stem in chosen:
        set_folder(stem)
    notebooks = {stem: instructor_notebook(stem, lang) for stem in chosen}
    for stem, notebook in notebooks.items():
        (folder / "source" / stem).mkdir(parents=True)
        nbformat.write(notebook, folder / "source" / stem / f"{stem}.ipynb")
    (folder / "nbgrader_config.py").write_text(_CONFIG, "utf-8")
    readme = _README.get(lang).format(stems=", ".join(chosen), stem=chosen[0])
    (folder / "README.md").write_text(readme, "utf-8")
    return chosen


def configure_nbgrader(config: Any) -> None:
    """Apply ``exercises/nbgrader_config.py`` of the course to nbgrader's configuration."""
    path = course_root() / "exercises" / "nbgrader_config.py"
    spec = importlib.util.spec_from_file_location("mlc_nbgrader_config", path)
    if spec is None or spec.loader is None or not path.is_file():
        raise FileNotFoundError(f"{path}: there is no such file; it configures nbgrader for the course")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.configure(config)

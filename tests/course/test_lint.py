"""The course keeps its static rules, and each rule finds what it is there for."""

import ast
import shutil
from pathlib import Path

import pytest

from mlc_course.authoring.lint.chinese import wordings
from mlc_course.authoring.lint.messages import english_alone
from mlc_course.authoring.lint.registry import RULES
from mlc_course.authoring.lint.run import findings, lint, names_for
from mlc_course.cli import main
from mlc_course.root import course_root

ROOT = course_root()
RULE = {rule.check.__name__: rule for rule in RULES}


@pytest.mark.parametrize("name", RULE)
def test_the_course_keeps_the_rule(name):
    rule = RULE[name]
    assert [found for each in names_for(rule, ROOT) for found in findings(rule, each, ROOT)] == []


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    """The parts of the course that rules read."""
    root = tmp_path_factory.mktemp("course")
    for name in ("chapters", "exercises", "src", "tests"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__", "attacks", "*.npz"))
    for name in ("_toc.yml", "_config.yml", "README.md", "README.zh.md", "requirements.lock", "CONTRIBUTING.md", "ARCHITECTURE.md",
                 "LICENSE", "LICENSE-TEXT", "CITATION.cff", "benchmarks", ".github"):  # fmt: skip
        path = ROOT / name
        (shutil.copytree if path.is_dir() else shutil.copy)(path, root / name)
    return root


# A rule, the file that is changed, what stands there, what takes its place, and words of the finding.
BROKEN = [
    ("code_cells_are_the_same_in_both_languages", "chapters/zh/gpu.md", "```{code-cell} python\n", "```{code-cell} python\nprint(1)\n", "code cell 1 differs"),
    ("headings_have_the_same_labels_in_both_languages", "chapters/en/gpu.md", "(gpu)=\n", "", "has no label; write (label)= above it"),
    ("headings_have_the_same_labels_in_both_languages", "chapters/zh/gpu.md", "(gpu)=\n", "(gpus)=\n", "labels differ from the English page: gpu, gpus"),
    ("published_addresses_list_every_heading", "chapters/addresses.txt", "gpu.html#gpu-why\n", "", "the line 'gpu.html#gpu-why' is missing; add it"),
    ("quotations_of_outputs_are_marked_alike_in_both_languages", "chapters/zh/gpu.md",
     "{printed}`1490`", "1490", "'1490' is marked as printed on the en page only"),
    ("quotations_of_outputs_are_marked_alike_in_both_languages", "chapters/en/gpu.md",
     "{printed}`1490`", "{printed}`1490 <nowhere>`", "there is no code cell at 'nowhere'"),
    ("quotations_of_outputs_are_marked_alike_in_both_languages", "chapters/en/gpu.md",
     "{printed}`1490`", "{printed}`<next>`", "a mark quotes nothing; write what the cell prints before <next>"),
    ("the_chinese_page_is_in_step_with_the_english", "chapters/en/gpu.md", "(gpu)=\n", "(gpu)=\n\nMore.\n\n", "changed in English; bring it in step"),
    ("chinese_prose_has_full_width_punctuation_and_spaces_between_scripts", "chapters/zh/gpu.md",
     "(gpu)=\n", "(gpu)=\n\n内核GPU,\n\n", "a space between Chinese and Latin"),
    ("what_a_listing_calls_is_shown_or_explained", "chapters/en/gpu.md",
     ":pyobject: _to_registers\n", ":pyobject: local_sum\n", "the listing calls mlc_ref.gpu.schedules.matmul._to_registers, which the page does not show"),
    ("what_a_listing_calls_is_shown_or_explained", "chapters/zh/tensorization.md",
     "[`cooperative_fetch`](#gpu-window)", "`cooperative_fetch`", "the listing calls mlc_ref.gpu.schedules.common.cooperative_fetch"),
    ("listings_are_the_same_in_both_languages", "chapters/zh/gpu.md",
     ":pyobject: _to_registers\n", ":pyobject: local_sum\n", "listings differ from those of the English page: mlc_ref.gpu.schedules.matmul"),
    ("terms_that_one_language_links_are_linked_in_the_other", "chapters/en/schedules.md",
     "[*panel*](#term-panel-packing)", "*panel*", "'panel / packing' is linked on the zh page only; link its first use"),
    ("terms_that_one_language_links_are_linked_in_the_other", "chapters/zh/gpu.md",
     "[**网格**](#term-grid)", "**网格**", "'网格' is linked on the en page only"),
    ("terms_that_a_page_introduces_are_linked", "chapters/en/schedules.md",
     "[*scope*](#term-storage-scope)", "*scope*", "'storage scope' is introduced (in asterisks) and not linked"),
    ("terms_that_a_page_introduces_are_linked", "chapters/en/gpu.md",
     "[**grid**](#term-grid)", "**grid**", "'grid' is introduced (in asterisks) and not linked; write [*grid*](#term-grid)"),
    ("terms_that_a_page_introduces_are_linked", "chapters/zh/introduction.md",
     "[*内核*](#term-kernel)", "*内核*", "'内核' is introduced (in asterisks) and not linked"),
    ("nothing_is_left_to_write", "chapters/en/gpu.md", "(gpu)=\n", "(gpu)=\n\nWRITE: a sentence\n\n", "still to be written: WRITE: a sentence"),
    ("the_maps_in_the_readmes_name_every_topic_and_only_files_that_exist", "README.md", "(src/mlc_ref/gpu)", "(src/mlc_ref/gpus)", "which does not exist"),
    ("the_package_maps_say_what_each_file_holds", "src/mlc_ref/gpu/labs.py",
     '"""', '"""Other. ', "out of date; run python -m mlc_course.authoring.package_map"),
    ("the_front_page_says_what_is_built_in_each_topic", "chapters/zh/index.md", "gpu: ", "gpus: ", "the topics of _toc.yml are"),
    ("prompts_name_every_part_in_both_languages", "exercises/introduction/exercise.md",
     "Development or deployment form", "Form", "prompt of forms does not name"),
    ("titles_and_lines_of_chapter_sections_have_one_pattern", "exercises/introduction/exercise.md", "\n## 1. ", "\n## 1: ", "a title is '## ', a number"),
    ("titles_and_lines_of_chapter_sections_have_one_pattern", "exercises/introduction/exercise.md",
     "Chapter section", "Section of the chapter", "below it stands one paragraph 'Chapter section: "),
    ("titles_and_lines_of_chapter_sections_have_one_pattern", "exercises/introduction/exercise.md",
     "对应章节：", "对应章节: ", "below it stands one paragraph"),
    ("every_question_to_try_has_its_answer_in_the_fold_below", "chapters/en/gpu.md",
     ":::{dropdown} Answers\n- ", ":::{dropdown} Answers\n", "3 questions that nobody grades, 2 answers"),
    ("every_question_to_try_has_its_answer_in_the_fold_below", "chapters/zh/gpu.md",
     "不评分的题：\n", "不评分的题：\n\n- 为什么？\n", "4 questions that nobody grades, 3 answers"),
    ("every_prediction_has_its_answer_before_the_next_section", "chapters/en/gpu.md",
     "\n:class: tip\n", "\n:class: tip\n(gpu-next)=\n", "no answer before the next section"),
    ("every_prediction_has_its_answer_before_the_next_section", "chapters/en/gpu.md",
     ":::{dropdown} Answer\n", ":::{dropdown} The code\n", "no answer before the next section"),
    ("every_prediction_has_its_answer_before_the_next_section", "chapters/zh/gpu.md",
     "\n:class: tip\n", "\n:class: tip\n(gpu-next)=\n", "no answer before the next section"),
    ("modules_are_short_enough_to_read_in_one_sitting", "src/mlc_ref/gpu/labs.py", "\n", "\n" * 400, "divide it where its subject changes"),
    ("modules_are_short_enough_to_read_in_one_sitting", "tests/course/test_layout.py", "\n", "\n" * 320, "at most 320; divide it"),
    ("functions_fit_a_screen", "src/mlc_ref/gpu/reference.py",
     "import numpy as np", "def f():\n" + "    x = 1\n" * 60 + "import numpy as np", "at most 50; divide it"),
    ("no_cache_has_to_be_cleared", "tests/course/test_layout.py", "import ast\n", "import ast\nast.parse.cache_clear()\n", "cache_clear; let the key be"),
    ("tests_that_look_at_a_clock_are_marked", "tests/course/test_layout.py", "import ast\n",
     "import ast\nimport time\n\n\ndef test_x():\n    assert time.monotonic() < 3\n\n\n", "mark it with @pytest.mark.timed"),
    ("one_chinese_word_stands_for_one_concept", "chapters/chinese_terms.csv", "sampling,采样", "sampling,采洋", "'采洋' stands on no page"),
    ("the_table_of_chinese_words_agrees_with_the_glossary", "chapters/chinese_terms.csv", "warp,线程束", "warp,块", "warp is '线程束' here and '块'"),
    ("lowering_is_named_where_its_chinese_word_stands", "src/mlc_ref/gpu_sim/result.py", '"分支发散"', '"分支下降"', "write 下降（lowering） once"),
    ("lowering_is_named_where_its_chinese_word_stands", "chapters/zh/gpu.md", "(gpu)=\n", "(gpu)=\n\n字节数下降。\n\n", "or 减少 for a decrease"),
    ("errors_of_the_reference_package_are_in_both_languages", "src/mlc_ref/schedules/labs.py",
     'refused("tile", tile, Text("1 and above", "不小于 1 的整数"))', 'f"tile: got {tile}, allowed 1 and above"', "tiled raises an error in English alone"),
    ("errors_of_the_reference_package_are_in_both_languages", "src/mlc_ref/checks/bounds.py",
     'f"{total} iterations"', "total", "bounds.py: _iterations' excuses nothing; take it out"),
    ("modules_say_what_they_hold", "src/mlc_ref/gpu/reference.py", '"""', 'x = """', "begin it with a docstring"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "file", "before", "after", "words"), BROKEN, ids=[f"{b[0]}-{b[1]}" for b in BROKEN])
def test_a_rule_finds_what_it_is_there_for(copy, name, file, before, after, words):
    path = copy / file
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), "utf-8")
    rule = RULE[name]
    try:
        found = [each for which in names_for(rule, copy) for each in findings(rule, which, copy)]
    finally:
        path.write_text(text, "utf-8")
    assert any(words in each for each in found), found


@pytest.mark.parametrize(("code", "alone"), [
    ('raise ValueError(f"n: got {n}, allowed 1")', True),
    ('raise ValueError("n: got " + str(n))', True),
    ('raise ValueError("n: got {}".format(n))', True),
    ('raise ValueError("n is {}".format(n) if n else f"{n} is none")', True),
    ('said = f"n: got {n}"\n    raise ValueError(said)', True),
    ('error = TypeError("no number")\n    raise error', True),
    ('return KeyError(f"{n} is unknown")', True),
    ('raise unsupported(n, what="a loop")', True),
    ('raise ValueError(WORDS)', True),
    ('raise ValueError(f"{n}")', False),
    ('raise ValueError(for_print(Text("none", "没有")))', False),
    ('raise ValueError(refused("n", n, "1 and 2"))', False),
    ('raise invalid(f"n: got {n}", f"n：得到 {n}")', False),
    ('raise ValueError(str(error))', False),
    ('said = SAID.format(n=n)\n    raise ValueError(for_print(said))', False),
])  # fmt: skip
def test_an_error_in_english_alone_is_found_whatever_way_it_is_made(code, alone):
    tree = ast.parse(f'WORDS = "one is needed"\nSAID = Text("one", "一")\ndef count(n):\n    {code}')
    assert [name for name, _line in english_alone(tree)] == ["count"] * alone


PLACES = ("README.zh.md", "chapters/zh/x.md", "exercises/gpu/exercise.md", "chapters/figures/x.zh.svg", "chapters/glossary.csv",
          "chapters/_static/search/x.js", "exercises/gpu/checks/x.py", "chapters/figures/x.py", "src/mlc_ref/gpu/x.py")  # fmt: skip


@pytest.mark.parametrize(("name", "wrong", "told"), [
    ("no_space_stands_between_chinese_characters", "中 文", "take it out"),
    ("punctuation_between_chinese_characters_is_full_width", "中,文", "half-width punctuation"),
    ("one_chinese_word_stands_for_one_concept", "中抽样文", "'抽样' stands for 'sampling'; write '采样'"),
])  # fmt: skip
def test_wrong_chinese_is_found_with_its_line_in_all_that_shows_text(copy, name, wrong, told):
    kept = {place: (copy / place).read_text("utf-8") for place in PLACES if (copy / place).exists()}
    try:
        for place in PLACES:
            # In a program neither on one line nor in Chinese characters.
            text = (
                f'x = "{wrong[:2]}" "{wrong[2:].encode("unicode_escape").decode()}"' if place.endswith(".py") else wrong
            )
            (copy / place).write_text(f"{kept.get(place, '')}{text}\n", "utf-8")
        found = findings(RULE[name], "", copy)
    finally:
        for place in PLACES:
            (copy / place).unlink()
            if place in kept:
                (copy / place).write_text(kept[place], "utf-8")
    lines = [f"{place}:{kept.get(place, '').count(chr(10)) + 1}: " for place in PLACES]
    assert [line for line in lines if not any(each.startswith(line) and told in each for each in found)] == []
    assert len(found) == len(PLACES)


@pytest.mark.parametrize(("row", "text", "wrong"), [
    ("storage scope", "放在存储作用域中，而不是作用域中", ["作用域"]),
    ("storage scope", "*scope*（作用域）", []),
    ("lowering", "下降（降级）", []),
    ("core", "每核一个，每个核心一个", ["每核"]),
    ("batch size", "形状 (batch, 64) 与 batch 为 1", [" batch"]),
    ("accumulated sum", "把和清零，十六个和，两个和四个", ["把和", "个和"]),
    ("handle", "手柄", ["手柄"]),
])  # fmt: skip
def test_a_word_is_wrong_only_outside_the_longer_words_that_may_hold_it(row, text, wrong):
    (wording,) = (each for each in wordings(ROOT) if each.term == row)
    assert wording.wrong(text) == wrong


def test_a_page_that_is_missing_is_a_finding(copy):
    path = copy / "chapters" / "zh" / "gpu.md"
    text = path.read_text("utf-8")
    path.unlink()
    try:
        assert any("chapters/zh/gpu.md: missing" in found for found in lint(copy, "gpu"))
    finally:
        path.write_text(text, "utf-8")


def test_the_command_says_what_to_mend_and_refuses_unknown_pages(capsys):
    assert main(["lint", "gpu"]) == 0
    assert "Nothing to mend." in capsys.readouterr().out
    assert main(["lint", "there_is_none"]) == 2
    assert "There is no page 'there_is_none'" in capsys.readouterr().err

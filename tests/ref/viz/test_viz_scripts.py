"""The scripts of widgets joined to one text, for the output of a notebook."""

import shutil
import subprocess

import pytest

from mlc_ref.language import Text
from mlc_ref.viz import scripts
from mlc_ref.viz.widget import PAGES, Widget, both, notebook_html

KINDS = sorted(
    path.stem
    for path in (scripts.static_folder() / "widgets").glob("*.js")
    if "export default function mount" in path.read_text("utf-8")
)


@pytest.fixture
def joined(tmp_path):
    """Write modules into a folder of their own and join what draws ``top``: ``joined(top="…", deep="…")``."""
    start = "export default function start(script, draw) { console.log(draw()); }\n"

    def write(**texts: str) -> str:
        for name, text in {"notebook": start, **texts}.items():
            (tmp_path / f"{name}.js").write_text(text, "utf-8")
        return scripts.joined("top", tmp_path)

    return write


@pytest.mark.skipif(not shutil.which("node"), reason="node is not installed")
def test_joined_modules_run_as_one_script(joined):
    text = joined(
        deep="export const one = 1;\nexport class Two { value = 2; }\n",
        middle='import { one } from "./deep.js";\nexport function three() { return one + 2; }\n',
        top='import { one, Two } from "./deep.js";\nimport { three } from "./middle.js";\n// Draws.\n'
        "export default async function mount() {}\n",
    )
    assert text.count('modules["deep.js"] = ') == 1
    assert "// Draws." not in text
    text = joined(top='import { three } from "./middle.js";\nexport default function mount() { return three(); }\n')
    done = subprocess.run(["node", "-e", "const document = {};\n" + text], capture_output=True, text=True, check=True)
    assert done.stdout == "3\n"


@pytest.mark.parametrize("line", ['import "./deep.js";', "export { one };", 'const x = await import("./deep.js");'])
def test_a_module_that_cannot_be_joined_is_refused(joined, line):
    with pytest.raises(ValueError, match=r"top\.js: got .*allowed are import"):
        joined(deep="export const one = 1;\n", top=f"{line}\n")


def test_a_script_that_would_end_its_element_is_refused(joined):
    with pytest.raises(ValueError, match=r"top\.js: holds </"):
        joined(top='export default function mount() { return "</script>"; }\n')


def test_missing_scripts_are_told(tmp_path, monkeypatch):
    monkeypatch.setattr(scripts, "__file__", str(tmp_path / "a" / "b" / "c" / "d.py"))
    monkeypatch.setattr(scripts, "_INSTALLED", tmp_path)
    with pytest.raises(FileNotFoundError, match="the widgets' scripts are missing"):
        scripts.static_folder()


@pytest.mark.skipif(not shutil.which("node"), reason="node is not installed")
@pytest.mark.parametrize("kind", KINDS)
def test_every_widget_s_script_can_be_joined_and_parsed(kind, tmp_path):
    (tmp_path / "joined.js").write_text(scripts.script(kind), "utf-8")
    subprocess.run(["node", "--check", str(tmp_path / "joined.js")], check=True, capture_output=True)


WIDGET = Widget("roofline", {}, "<div>" + both(Text("a tile", "一个分块"), "p") + "</div>" + both("x < y"), height=200)


@pytest.mark.parametrize(("language", "said", "other"), [("en", "a tile", "一个分块"), ("zh", "一个分块", "a tile")])
def test_in_a_notebook_a_widget_speaks_one_language_and_brings_its_script(language, said, other, monkeypatch):
    monkeypatch.delenv(PAGES, raising=False)
    monkeypatch.setenv("MLC_LANG", language)
    html = WIDGET._repr_html_()
    assert f"<div><p>{said}</p></div><span>x &lt; y</span>" in html
    assert other not in html
    assert "min-height:200px" not in html
    assert f"<script>{scripts.script('roofline')}</script>" in html
    assert html == notebook_html(WIDGET.page_html(), language)


def test_on_a_page_a_widget_has_both_languages_and_no_script(monkeypatch):
    monkeypatch.setenv(PAGES, "1")
    assert WIDGET._repr_html_() == WIDGET.page_html()
    assert "a tile" in WIDGET.page_html()
    assert "一个分块" in WIDGET.page_html()


def test_texts_in_both_languages_outside_of_widgets_are_spoken_in_one():
    html = f'<div class="mlc-self-check">{both(Text("right", "正确"), "p")}</div>'
    assert notebook_html(html, "zh") == '<div class="mlc-self-check"><p>正确</p></div>'


def test_other_html_stays_as_it_is():
    assert notebook_html("<p data-lang='x'>a</p>", "zh") == "<p data-lang='x'>a</p>"

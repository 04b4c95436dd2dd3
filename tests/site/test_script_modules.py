"""Modules of a page, and of each kind of widget, become one file each, and every widget of a page has its code."""

import re

import pytest
from bs4 import BeautifulSoup

from mlc_course.content.errors import SiteError
from mlc_course.root import course_root
from mlc_course.site.build.script_modules import ModuleBundles, widget_groups

MAIN = "const drawer = async (name) => (await import(`./${name}.js`)).default;\n"
FILES = {
    "widgets/main.js": MAIN,
    "widgets/chart.js": 'import { el } from "./dom.js";\nexport default function mount(root) { el(root); }\n',
    "widgets/dom.js": "export function el(root) {}\n",
    "widgets/webgpu/device.js": "export const opened = new Map();\n",
    "widgets/webgpu/trial.js": 'import { opened } from "./device.js";\nexport function trial() { return opened; }\n',
    "widgets/lab_of_one.js": 'import { trial } from "./webgpu/trial.js";\nexport default async function mount() { trial(); }\n',
    "widgets/webgpu_two.js": 'import { opened } from "./webgpu/device.js";\nexport default function mount() { opened; }\n',
    "search/main.js": 'const here = import.meta.url;\nconst engine = () => import("./engine.js");\n',
}
PAGE = (
    "<title>Charts</title>"
    + "".join(f'<script type="module" src="_static/{name}/main.js?v=1"></script>' for name in ("widgets", "search"))
    + '<div class="mlc-widget" data-widget="{kind}"></div>'
)


@pytest.fixture
def folder(tmp_path):
    for name, text in FILES.items():
        path = tmp_path / "_static" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return tmp_path


def bundle(folder, kind="chart"):
    page = BeautifulSoup(PAGE.format(kind=kind), "html.parser")
    ModuleBundles(folder).bundle(page)
    return [(folder / str(script["src"])).read_text("utf-8") for script in page.select("script[src]")]


def test_the_modules_of_a_page_are_one_file_which_knows_where_they_stood(folder):
    (text,) = bundle(folder)
    assert 'modules["widgets/main.js"]' in text
    assert 'const here = new URL("search/main.js", address);' in text
    assert 'const engine = () => later("./search/engine.js");' in text


def test_each_kind_of_widget_is_loaded_from_its_bundle_and_those_that_use_the_gpu_from_one(folder):
    assert widget_groups(folder) == {"chart": ["chart"], "webgpu": ["lab_of_one", "webgpu_two"]}
    (text,) = bundle(folder)
    address = dict(re.findall(r'"(\w+)": "(bundle-\w+\.js)"', text))
    assert set(address) == {"chart", "lab_of_one", "webgpu_two"}
    assert address["lab_of_one"] == address["webgpu_two"] != address["chart"]
    written = (folder / "_static" / address["webgpu_two"]).read_text("utf-8")
    assert 'export const lab_of_one = modules["widgets/lab_of_one.js"].default;' in written
    assert written.count("new Map()") == 1


def test_what_no_page_shows_is_left_out_of_the_bundle_of_those_beside_it(folder):
    (folder / "page.html").write_text(PAGE.format(kind="webgpu_two"), "utf-8")
    (text,) = bundle(folder, kind="webgpu_two")
    assert set(re.findall(r'"(\w+)": "bundle-', text)) == {"chart", "webgpu_two"}


def test_equal_pages_share_their_bundles(folder):
    assert bundle(folder) == bundle(folder)
    assert len(list((folder / "_static").glob("bundle-*"))) == 3


def test_a_widget_without_code_is_refused_and_named(folder):
    with pytest.raises(
        SiteError, match=r"Charts: shows widgets chort, .* there is code for chart, lab_of_one, webgpu_two"
    ):
        bundle(folder, kind="chort")


def test_another_way_to_load_the_code_of_widgets_is_refused(folder):
    (folder / "_static" / "widgets" / "main.js").write_text(
        MAIN.replace(".default", "").replace("(await", "(a"), "utf-8"
    )
    with pytest.raises(SiteError, match=r"widgets/main\.js: allowed is .* once, got it 0 times"):
        bundle(folder)


def test_the_labs_of_the_course_are_one_bundle_and_the_other_widgets_one_each(tmp_path):
    (tmp_path / "_static").symlink_to(course_root() / "chapters" / "_static")
    labs = {
        "webgpu": ["webgpu_digit", "webgpu_file", "webgpu_ladder", "webgpu_lookup", "webgpu_search", "webgpu_writer"]
    }
    assert widget_groups(tmp_path) == {name: [name] for name in ("access", "explore", "graph", "roofline")} | labs

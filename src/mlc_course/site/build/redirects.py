"""Pages at addresses that moved: each sends the reader to where ``chapters/addresses.txt`` says."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from mlc_course.content.addresses import LIST, read_addresses
from mlc_course.content.errors import SiteError
from mlc_course.content.languages import SITE_LANGUAGES


def write_redirects(root: Path, site: Path) -> None:
    """Write a page for each redirect into every language of the assembled site.

    Raises:
        SiteError: a redirect has the name of a page, or leads to none.
    """
    path = root / LIST
    _, redirects = read_addresses(path.read_text("utf-8") if path.is_file() else "")
    templates = FileSystemLoader(Path(__file__).parent / "templates")
    template = Environment(loader=templates, autoescape=True, undefined=StrictUndefined).get_template("redirect.html")
    for code, language in SITE_LANGUAGES.items():
        folder = site / code
        for old, new in redirects.items() if folder.is_dir() else ():
            if (folder / old).exists() or not (folder / new.partition("#")[0]).is_file():
                raise SiteError(
                    f"{LIST}: {old} -> {new}: the old page must be gone and the new one must exist ({code})."
                )
            (folder / old).write_text(template.render(target=new, language=language), "utf-8")

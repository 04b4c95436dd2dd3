"""Rules for listings: what a shown part of ``mlc_ref`` calls is shown on the same page, or explained."""

from pathlib import Path

from mlc_course.authoring.lint.registry import rule
from mlc_course.content.listings import called, definitions, explained, listings
from mlc_course.content.pages import read_page
from mlc_ref.language import LANGUAGES

# What any part of the course calls, and why no page shows it.
GENERAL = {
    "mlc_ref.kinds.takes": "says of what kind the first argument is, and refuses any other in one line",
    "mlc_ref.kinds.refused": "the words of a refusal, in the language of whoever meets it",
    "mlc_ref.kinds.invalid": "the error of a refusal, in the language of whoever meets it",
    "mlc_ref.gpu.schedules.common.check_threads": "a guard: raises where the number of threads is none a block can have",
    "mlc_ref.language.Text": "a message in both languages",
    "mlc_ref.language.for_print": "the part of it that is in the language of whoever runs the program",
    "mlc_ref.targets.cpu_target": "the target of TVM for this machine, as every chapter compiles",
}


@rule("page")
def what_a_listing_calls_is_shown_or_explained(name: str, root: Path) -> list[str]:
    found = []
    for language in LANGUAGES:
        page = read_page(name, language, root)
        parts = listings(page, root)
        shown = {each for part in parts for each in definitions(part)}
        linked = explained(page)
        found += [
            f"chapters/{language}/{name}.md:{part.line}: the listing calls {each}, which the page does not show; show it in a "
            f"fold :::{{dropdown}} beside it, or link to where it is explained: [`{each.rpartition('.')[2]}`](#label)"
            for part in parts
            for each in sorted(called(part, root) - shown - set(GENERAL))
            if each.rpartition(".")[2] not in linked
        ]
    return found


@rule("page")
def listings_are_the_same_in_both_languages(name: str, root: Path) -> list[str]:
    shown = {
        language: [(each.module, each.text) for each in listings(read_page(name, language, root), root)]
        for language in LANGUAGES
    }
    differing = [module for module, _ in set(shown["en"]) ^ set(shown["zh"])]
    if shown["en"] != shown["zh"]:
        what = ", ".join(sorted(set(differing))) or "their order"
        return [f"chapters/zh/{name}.md: listings differ from those of the English page: {what}"]
    return []

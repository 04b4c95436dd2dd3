"""English search whose browser half stems as its index half does.

Sphinx indexes with Snowball's "porter", the algorithm as published (M. F. Porter, "An algorithm for suffix
stripping", Program 14(3), 1980), but its script for the browser has its author's later departures: "bli" for
"abli", and "logi". Words such as "assembly" are then indexed under one stem and looked up under another.
"""

from sphinx.search.en import SearchEnglish

_DEPARTURES = {
    "    bli: 'ble',": "    abli: 'able',",
    "|bli|": "|abli|",
    ",\n    logi: 'log'\n": "\n",
    "|logi)": ")",
}


def published_stemmer(script: str) -> str:
    """The browser's stemmer without the departures.

    Raises:
        ValueError: the script is not the one this was written for.
    """
    for departure, published in _DEPARTURES.items():
        if departure not in script:
            raise ValueError(f"Sphinx's stemmer has no {departure.strip()!r}: see whether both halves agree now")
        script = script.replace(departure, published)
    return script


class EnglishSearch(SearchEnglish):
    """Sphinx's English search with one algorithm on both sides."""

    js_stemmer_code = published_stemmer(SearchEnglish.js_stemmer_code)

"""Search in Chinese: pages and queries are cut into pairs of neighbouring characters.

Chinese has no spaces between words. A segmenter used while indexing does not run in the reader's browser, so
its words are not found again. Pairs need no dictionary and are the same on both sides; see J.-Y. Nie et al.,
"On the use of words and n-grams for Chinese information retrieval", IRAL 2000.
"""

import re
from pathlib import Path

from sphinx.search.zh import SearchChinese

from mlc_course.site.search.english import EnglishSearch

_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+|[A-Za-z0-9_]+")


def is_latin(term: str) -> bool:
    """Whether a term is a Latin word, number or identifier rather than Han characters."""
    return term[:1].isascii()


class ChineseSearch(SearchChinese):
    """Indexes Han runs by pairs and single characters, and Latin words by their stem, in lower case.

    Both sides stem Latin words with Porter's algorithm, as the English search does.
    """

    js_splitter_code = Path(__file__).with_name("chinese.js").read_text("utf-8")
    js_stemmer_code = EnglishSearch.js_stemmer_code

    def init(self, options: dict[str, str]) -> None:
        self._english = EnglishSearch(options)

    def split(self, input: str) -> list[str]:  # noqa: A002 - the name is Sphinx's
        """Terms of a text: ``矩阵乘法 matmul`` gives 矩阵, 阵乘, 乘法, each character alone, and ``matmul``."""
        terms: list[str] = []
        for run in _RUN.findall(input):
            if is_latin(run):
                # cache_read is found by its whole name and by each of its words.
                words = run.split("_") if "_" in run else []
                terms += [run, *(word for word in words if word)]
            else:
                terms += [*(run[i : i + 2] for i in range(len(run) - 1)), *run]
        return terms

    def stem(self, word: str) -> str:
        return self._english.stem(word.lower()) if is_latin(word) else word

    def word_filter(self, stemmed_word: str) -> bool:
        return not is_latin(stemmed_word) or (len(stemmed_word) > 1 and stemmed_word not in self.stopwords)

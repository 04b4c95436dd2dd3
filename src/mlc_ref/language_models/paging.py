"""Several texts in one pool of pages: added, continued together, forked, removed, and the pages counted.

A page holds sixteen positions of all layers. A fork shares the full pages of its source; a last page that is not full, which both
would write, is copied (W. Kwon et al., *Efficient Memory Management for Large Language Model Serving with
PagedAttention*, SOSP 2023).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mlc_ref.kinds import refused
from mlc_ref.language import Text
from mlc_ref.language_models.config import Config
from mlc_ref.language_models.runners import OneModel, require_length, rows_of

PAGE = 16  # positions of a page: what TVM's programs for pages are written for
_NAMES = Text("one of the texts {names}", "文本 {names} 之一")
_NEW_NAME = Text("a number from 0 that no text has; there are {names}", "还没有文本使用的编号，从 0 起；已有 {names}")
_PAGES = Text("at most {free} free pages", "最多 {free} 个空闲页")
_NEEDED = Text("{count} pages needed", "需要 {count} 页")
_REMOVE = Text("remove a text", "请先移除一段文本")


class Pages(OneModel):
    """A compiled decoder over a pool of pages.

    Args:
        config, weights: of the decoder.
        texts: how many texts at most are held at once.
        pages: how many pages the pool has, 2 or more.
        is_packed: as for ``OneModel``.
    """

    def __init__(
        self, config: Config, weights: Mapping[str, np.ndarray], *, texts: int = 4, pages: int = 32,
        is_packed: bool = True,
    ):  # fmt: skip
        from tvm_ffi import Shape

        from mlc_ref.language_models.relax_model import paged_decoder

        super().__init__(config, paged_decoder(config), weights, is_packed=is_packed)
        self.lengths: dict[int, int] = {}
        self._texts = texts
        # The runtime adds a page to those that hold the most positions it is told of.
        sizes = (texts, (pages - 1) * PAGE, config.length, PAGE, 0)  # the last: no sliding window
        self._cache = self.machine["create_cache"](*(Shape([size]) for size in sizes))

    @property
    def free_pages(self) -> int:
        """Pages that no text holds."""
        return int(_builtin("attention_kv_cache_get_num_available_pages")(self._cache))

    def add(self, text: int, tokens: Sequence[int]) -> np.ndarray:
        """Begin a text under a number of its own.

        Returns:
            Logits ``(vocab,)`` float32 of the word after it.

        Raises:
            ValueError: the number is taken, or no pages or places are left, or the text is too long.
        """
        self._require_new(text)
        require_length(self.config, len(tokens))
        rows = rows_of([tokens], self.config.vocab)
        self._require_pages(-(-len(tokens) // PAGE))
        _builtin("kv_state_add_sequence")(self._cache, text)
        self.lengths[text] = len(tokens)
        return self._forward("prefill", [text], len(tokens), rows)[0]

    def step(self, tokens: Mapping[int, int]) -> dict[int, np.ndarray]:
        """Add one word to each of some texts, in one run of the decoder.

        Args:
            tokens: the word of each text.

        Returns:
            Logits ``(vocab,)`` float32 of each text's next word.

        Raises:
            ValueError: there is no such text, no page is left, or a text is too long.
        """
        for text in tokens:
            self._require(text)
            require_length(self.config, self.lengths[text] + 1)
        if not tokens:
            return {}
        rows = rows_of([[token] for token in tokens.values()], self.config.vocab)
        self._require_pages(sum(self.lengths[text] % PAGE == 0 for text in tokens))
        logits = self._forward("decode", list(tokens), 1, rows)
        for text in tokens:
            self.lengths[text] += 1
        return dict(zip(tokens, logits, strict=True))

    def fork(self, source: int, text: int) -> None:
        """A new text that begins as ``source`` is now. Full pages are shared; the last one is copied where it is not full.

        Raises:
            ValueError: there is no ``source``, or the number ``text`` is taken.
        """
        self._require(source)
        self._require_new(text)
        self._require_pages(int(self.lengths[source] % PAGE > 0))
        _builtin("kv_state_fork_sequence")(self._cache, source, text, -1)
        self.lengths[text] = self.lengths[source]

    def remove(self, text: int) -> None:
        """Forget a text; pages that no other text shares are free.

        Raises:
            ValueError: there is no such text.
        """
        self._require(text)
        _builtin("kv_state_remove_sequence")(self._cache, text)
        del self.lengths[text]

    def _forward(self, entry: str, texts: list[int], length: int, rows: Any) -> np.ndarray:
        from tvm_ffi import Shape

        _builtin("kv_state_begin_forward")(self._cache, Shape(texts), Shape([length] * len(texts)))
        logits, _ = self.machine[entry](rows, self._cache, *self.weights)
        _builtin("kv_state_end_forward")(self._cache)
        return logits.numpy()[:, 0]

    def _require(self, text: int) -> None:
        if text not in self.lengths:
            raise ValueError(refused("text", repr(text), _NAMES.format(names=sorted(self.lengths))))

    def _require_new(self, text: int) -> None:
        taken = sorted(self.lengths)
        if isinstance(text, bool) or not isinstance(text, int) or text < 0 or text in self.lengths:
            raise ValueError(refused("text", repr(text), _NEW_NAME.format(names=taken)))
        if len(taken) == self._texts:
            allowed = Text(f"at most {self._texts} texts at once", f"同时最多 {self._texts} 段文本")
            raise ValueError(refused("text", repr(text), allowed, _REMOVE))

    def _require_pages(self, count: int) -> None:
        if count > self.free_pages:
            raise ValueError(
                refused("pages", _NEEDED.format(count=count), _PAGES.format(free=self.free_pages), _REMOVE)
            )


def _builtin(name: str) -> Any:
    """A function of TVM's runtime that works on the cache object."""
    import tvm

    return tvm.get_global_func(f"vm.builtin.{name}")

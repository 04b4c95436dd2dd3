"""Compiled decoders with their weights and caches: give the words of a text, then one word after another.

``GrowingRun`` and ``InPlaceRun`` write one text through ``start`` and ``step``; ``paging.Pages`` holds several at once.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from mlc_ref.harness import build
from mlc_ref.kinds import invalid, refused, takes, whole_number
from mlc_ref.language import Text
from mlc_ref.language_models.config import Config

if TYPE_CHECKING:
    import tvm

    from mlc_ref.language_models.relax_model import Exported

_LONG = Text("{count} words", "{count} 个词")
_AT_MOST = Text("1 to {most}", "1 到 {most} 个")
_SHORTER = Text("begin a new text", "请重新开始一段文本")


class Run(Protocol):
    """One text, written word by word."""

    def start(self, tokens: Sequence[int]) -> np.ndarray:
        """Begin a text; logits ``(vocab,)`` float32 of the word after it."""
        ...

    def step(self, token: int) -> np.ndarray:
        """Add one word; logits ``(vocab,)`` float32 of the word after it."""
        ...


@takes("IRModule")
def compiled(module: "tvm.IRModule") -> "tvm.runtime.Executable":
    """The module with its operators fused, compiled for the native CPU.

    ``tvm.compile`` alone does not fuse: it lowers each operator to a loop nest of its own.
    """
    from tvm import relax

    from mlc_ref.targets import cpu_target

    with cpu_target():
        module = relax.get_pipeline("zero")(module)
    return build(module)


@takes("Config")
def require_length(config: Config, count: int) -> None:
    """Refuse a text without words, and one longer than the model has read in training.

    Raises:
        ValueError: one line in the reader's language.
    """
    if not 1 <= count <= config.length:
        got, allowed = _LONG.format(count=count), _AT_MOST.format(most=config.length)
        raise ValueError(refused("tokens", got, allowed, _SHORTER))


def rows_of(tokens: Sequence[Sequence[int]], vocab: int) -> "tvm.runtime.Tensor":
    """Tokens ``(batch, length)`` int32 as a tensor; each a number of a word.

    Raises:
        ValueError: a number that no word has; TVM would read outside of the embedding.
    """
    import tvm

    wrong = [each for row in tokens for each in row if (n := whole_number(each)) is None or not 0 <= n < vocab]
    if wrong:
        raise ValueError(refused("tokens", repr(wrong[0]), f"0 … {vocab - 1}"))
    return tvm.runtime.tensor(np.asarray(tokens, "int32"))


class OneModel:
    """A compiled decoder and its weights, packed once if asked for.

    Args:
        weights: float32 arrays by name, as ``Config.shapes()`` lists them.
        is_packed: lay the weights out as the products read them (``packing``), before anything runs.
    """

    def __init__(
        self, config: Config, exported: "Exported", weights: Mapping[str, np.ndarray], *, is_packed: bool = True
    ):
        import tvm
        from tvm import relax

        from mlc_ref.language_models.packing import packed

        self.config = config
        module = packed(exported.module) if is_packed else exported.module
        self.machine = relax.VirtualMachine(compiled(module), tvm.cpu())
        arrays = [np.ascontiguousarray(weights[name], "float32") for name in exported.names]
        tensors = tuple(tvm.runtime.tensor(array) for array in arrays)
        self.weights = list(self.machine["transform_params"](tensors) if is_packed else tensors)


class _OneText(OneModel):
    """What the runs of one text share: how long it is."""

    length = 0

    def _require_started(self) -> None:
        if not self.length:
            raise invalid(
                "step: got no text to go on with; call start first", "step：还没有可以接着写的文本；请先调用 start"
            )

    def _tokens(self, tokens: Sequence[int]) -> Any:
        require_length(self.config, self.length + len(tokens))
        return rows_of([tokens], self.config.vocab)


class GrowingRun(_OneText):
    """A decoder whose keys and values are new, longer arrays after every step."""

    def __init__(self, config: Config, weights: Mapping[str, np.ndarray], *, is_packed: bool = True):
        from mlc_ref.language_models.relax_model import growing_decoder

        super().__init__(config, growing_decoder(config), weights, is_packed=is_packed)
        self.past: Any = None

    def start(self, tokens: Sequence[int]) -> np.ndarray:
        self.length, self.past = 0, None
        logits, self.past = self.machine["prefill"](self._tokens(tokens), *self.weights)
        self.length = len(tokens)
        return logits.numpy()[0, 0]

    def step(self, token: int) -> np.ndarray:
        self._require_started()
        logits, self.past = self.machine["decode"](self._tokens([token]), self.past, *self.weights)
        self.length += 1
        return logits.numpy()[0, 0]


class InPlaceRun(_OneText):
    """A decoder that writes keys and values into arrays of the longest text, made once."""

    def __init__(self, config: Config, weights: Mapping[str, np.ndarray], *, is_packed: bool = True):
        import tvm

        from mlc_ref.language_models.relax_model import in_place_decoder

        super().__init__(config, in_place_decoder(config), weights, is_packed=is_packed)
        shape = (1, config.length, config.kv_heads, config.head_dim)
        self.arrays = [tvm.runtime.tensor(np.zeros(shape, "float32")) for _ in range(2 * config.layers)]

    def start(self, tokens: Sequence[int]) -> np.ndarray:
        self.length = 0
        return self._extended("prefill", tokens)

    def step(self, token: int) -> np.ndarray:
        self._require_started()
        return self._extended("decode", [token])

    def _extended(self, entry: str, tokens: Sequence[int]) -> np.ndarray:
        from tvm_ffi import Shape

        logits = self.machine[entry](self._tokens(tokens), Shape([self.length]), tuple(self.arrays), *self.weights)
        self.length += len(tokens)
        return logits.numpy()[0, 0]

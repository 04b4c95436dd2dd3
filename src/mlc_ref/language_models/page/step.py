"""One step of the decoder: read the word at the position, and write the one after it.

What a step leaves behind lies in the model's state: the words, the position, and a cache of keys and values for each layer. So
many steps run one after the other on the device, with nothing read back between them.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from tvm import relax, tirx

from mlc_ref.kinds import takes
from mlc_ref.language_models.config import Config
from mlc_ref.language_models.page import programs
from mlc_ref.language_models.page.int8 import Int8Matrix, element, quantized
from mlc_ref.language_models.page.kernels import Kernels
from mlc_ref.webgpu.artefact import Artefact
from mlc_ref.webgpu.models import compile_model

if TYPE_CHECKING:
    import tvm


@takes("Config")
def step_artefact(config: Config, weights: Mapping[str, np.ndarray], name: str) -> Artefact:
    """The step as an artefact.

    Args:
        config: sizes of the decoder.
        weights: float32, by the names of ``config.shapes()``; its matrices are held in 8 bits.
        name: what a reader sees.

    Returns:
        Inputs ``given`` (how many words of ``tokens`` are the text to go on with) and ``choice`` (a number from 0 to 1 for each
        position, then the temperature); state ``tokens``, ``position`` and the caches; output the logits.
    """
    return compiled_step(config, step_module(config, weights), name)


@takes("Config")
def compiled_step(config: Config, mod: "tvm.IRModule", name: str) -> Artefact:
    """The artefact of ``step_module``'s module; see ``step_artefact``."""
    ranges = {"position": (0, config.length - 1), "tokens": (0, config.vocab - 1)}
    state = ["tokens", "position", *(_cache_name(layer) for layer in range(config.layers))]
    return compile_model(mod, name, entry="step", ranges=ranges, state=state)


@takes("Config")
def step_module(config: Config, weights: Mapping[str, np.ndarray]) -> "tvm.IRModule":
    """Function ``step``, its kernels scheduled: one number a thread."""
    return _Step(config, weights).module()


@takes("Config")
def turns(config: Config) -> np.ndarray:
    """float32 ``(2, length, head_dim / 2)``: cosines and sines of the rotary angles.

    A table, since a device computes the sine of a large angle coarsely: WGSL promises no accuracy outside of -π to π.
    """
    half = config.head_dim // 2
    angle = np.arange(config.length)[:, None] / config.theta ** (np.arange(half) / half)
    return np.stack([np.cos(angle), np.sin(angle)]).astype("float32")


def _cache_name(layer: int) -> str:
    return f"cache{layer}"


class _Step:
    """Builds the function."""

    def __init__(self, config: Config, weights: Mapping[str, np.ndarray]):
        self._config, self._builder = config, relax.BlockBuilder()
        self._kernels = Kernels(self._builder)
        self._matrices = {name: quantized(array) for name, array in weights.items() if array.ndim == 2}
        self._norms = {name: relax.const(array) for name, array in weights.items() if array.ndim == 1}
        self._turns = relax.const(turns(config))

    def module(self) -> "tvm.IRModule":
        c, builder = self._config, self._builder
        shapes: dict[str, tuple[tuple[int, ...], str]] = {
            "given": ((1,), "int32"),
            "choice": ((c.length + 1,), "float32"),
            "tokens": ((c.length + 1,), "int32"),
            "position": ((1,), "int32"),
        }
        shapes |= {_cache_name(i): ((c.length, 2 * c.kv_heads * c.head_dim), "float32") for i in range(c.layers)}
        inputs = {name: relax.Var(name, relax.TensorType(shape, dtype)) for name, (shape, dtype) in shapes.items()}
        with builder.function("step", list(inputs.values())):
            with builder.dataflow():
                results = builder.emit_output(relax.Tuple(self._results(inputs)))
            builder.emit_func_output(results)
        return builder.get()

    def _results(self, inputs: dict[str, relax.Var]) -> list[relax.Expr]:
        """Logits, and all states after the step."""
        c, kernels, position = self._config, self._kernels, inputs["position"]
        x, caches = self._embedded(inputs["tokens"], position), []
        for layer in range(c.layers):
            x, cache = self._block(f"blocks.{layer}.", x, inputs[_cache_name(layer)], position)
            caches.append(cache)
        logits = self._linear("head", self._norm("norm.weight", x), "head.weight")
        picked = programs.pick(c.vocab, c.length)
        tokens = kernels.in_place(
            picked, "pick", *(inputs["tokens"], logits, inputs["choice"], position, inputs["given"])
        )
        after = kernels.in_place(programs.advance(c.length), "advance", position)
        return [logits, tokens, after, *caches]

    def _parts(self, name: str) -> tuple[Int8Matrix, list[relax.Expr]]:
        matrix = self._matrices[name]
        return matrix, [relax.const(matrix.words), relax.const(matrix.scales)]

    def _embedded(self, tokens: relax.Var, position: relax.Var) -> relax.Var:
        matrix, parts = self._parts("embed.weight")

        def cell(j: Any, words: Any, scales: Any, tokens: Any, position: Any) -> Any:
            return element(words, scales, j, tokens[position[0]])

        return self._kernels.compute("embed", matrix.inputs, [*parts, tokens, position], cell)

    def _linear(self, name: str, x: relax.Var, weight: str, added: relax.Var | None = None) -> relax.Var:
        """``W x``, plus another vector where one is given."""
        matrix, parts = self._parts(weight)

        def cell(j: Any, p: Any, words: Any, scales: Any, x: Any, *_: Any) -> Any:
            return element(words, scales, p, j) * x[p]

        def plus(total: Any, j: Any, *arrays: Any) -> Any:
            return total + arrays[3][j]

        arguments = [*parts, x] if added is None else [*parts, x, added]
        last = None if added is None else plus
        return self._kernels.compute(name, matrix.outputs, arguments, cell, inputs=matrix.inputs, last=last)

    def _norm(self, name: str, x: relax.Var) -> relax.Var:
        """RMSNorm; each thread sums all squares again, which is less than a barrier costs."""
        c = self._config

        def last(total: Any, j: Any, x: Any, weight: Any) -> Any:
            return x[j] * weight[j] * tirx.rsqrt(total / _number(c.dim) + _number(c.eps))

        def square(j: Any, p: Any, x: Any, _: Any) -> Any:
            return x[p] * x[p]

        return self._kernels.compute("norm", c.dim, [x, self._norms[name]], square, inputs=c.dim, last=last)

    def _block(self, prefix: str, x: relax.Var, cache: relax.Var, position: relax.Var) -> tuple[relax.Var, relax.Var]:
        c, kernels = self._config, self._kernels
        queries, keys = c.heads * c.head_dim, c.kv_heads * c.head_dim
        qkv = self._linear("qkv", self._norm(f"{prefix}norm1.weight", x), f"{prefix}qkv.weight")
        query = kernels.compute("query", queries, [qkv, self._turns, position], self._turned)
        new = kernels.compute("key_value", 2 * keys, [qkv], lambda j, qkv: qkv[queries + j])
        append = programs.append(c.length, keys, c.head_dim)
        cache = kernels.in_place(append, "append", cache, new, self._turns, position)
        scores = self._scores(query, cache)
        mix = programs.mix(c.heads, c.kv_heads, c.head_dim, c.length)
        mixed = kernels.call(mix, "mix", queries, scores, cache, position)
        x = self._linear("out", mixed, f"{prefix}out.weight", x)
        both = self._linear("gate_up", self._norm(f"{prefix}norm2.weight", x), f"{prefix}gate_up.weight")
        gated = kernels.compute("swiglu", c.ffn, [both], self._gated)
        return self._linear("down", gated, f"{prefix}down.weight", x), cache

    def _turned(self, j: Any, x: Any, turns: Any, position: Any) -> Any:
        """Element ``j`` of the heads in ``x``, turned by the position: pairs are ``(i, i + half)``."""
        half = self._config.head_dim // 2
        first = j % self._config.head_dim < half
        other = tirx.if_then_else(first, -x[j + half], x[tirx.max(j - half, 0)])
        return x[j] * turns[0, position[0], j % half] + other * turns[1, position[0], j % half]

    def _scores(self, query: relax.Var, cache: relax.Var) -> relax.Var:
        """``(heads * length,)``: each query with each key, over the root of their length; those that are not written yet too."""
        c = self._config

        def cell(j: Any, p: Any, query: Any, cache: Any) -> Any:
            head = j // c.length
            return query[head * c.head_dim + p] * cache[j % c.length, head // c.group * c.head_dim + p]

        def last(total: Any, *_: Any) -> Any:
            return total * _number(c.head_dim**-0.5)

        return self._kernels.compute("scores", c.heads * c.length, [query, cache], cell, inputs=c.head_dim, last=last)

    def _gated(self, j: Any, both: Any) -> Any:
        gate, up = both[j], both[self._config.ffn + j]
        return gate / (_number(1) + tirx.exp(-gate)) * up


def _number(value: float) -> Any:
    return tirx.const(value, "float32")

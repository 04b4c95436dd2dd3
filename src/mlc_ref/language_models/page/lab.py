"""The lab in which the decoder writes on the reader's own GPU: it answers questions, translates, and goes on with a story."""

import gzip
import hashlib
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mlc_ref.language import Text
from mlc_ref.language_models.config import Config
from mlc_ref.language_models.numpy_model import logits
from mlc_ref.language_models.page.int8 import quantized
from mlc_ref.language_models.page.step import compiled_step, step_module
from mlc_ref.language_models.stories import Story, tell
from mlc_ref.language_models.tokens import START, encode, vocabulary, written
from mlc_ref.language_models.words import Phrase
from mlc_ref.viz.widget import Widget, both
from mlc_ref.webgpu.artefact import Artefact
from mlc_ref.webgpu.labs import NEEDS_SCRIPTS, body_of, program_of, recorded

if TYPE_CHECKING:
    import tvm

_KNOWN_WORDS = 8  # words that the page writes first, to compare
_STORY_SEED = 4
_QUESTION = Text("question", "问题")
_RIGHT = Text("the right answer", "正确答案")


@dataclass(frozen=True)
class ModelFile:
    """The packed model: what the page fetches when its reader asks for it.

    Attributes:
        content: gzip of JSON; equal models give equal bytes.
    """

    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def name(self) -> str:
        """A name that another content does not have, so that a browser may keep the file."""
        return f"models/decoder-{self.sha256[:12]}.json.gz"


def model_file(artefact: Artefact, mod: "tvm.IRModule") -> ModelFile:
    """Artefact and the kernels' programs in one file."""
    programs = [body_of(mod, program_of(kernel.name, mod)) for kernel in artefact.kernels]
    text = json.dumps(
        {"artefact": artefact.to_dict(), "scripts": programs},
        ensure_ascii=False,
        separators=(",", ":"),
        allow_nan=False,
    )
    return ModelFile(gzip.compress(text.encode(), compresslevel=9, mtime=0))


def new_stories(count: int) -> list[Story]:
    """Stories that no training has seen."""
    rng = random.Random(_STORY_SEED)
    return [tell(rng, new=True) for _ in range(count)]


def writer_lab(
    lab: str, config: Config, weights: Mapping[str, np.ndarray], stories: Sequence[Story]
) -> tuple[Widget, ModelFile]:
    """The lab, and the file that has to stand in the site's static folder.

    Args:
        lab: its name, under which results are recorded.
        config: sizes of the decoder; its words are those of ``vocabulary()``.
        weights: float32, by the names of ``config.shapes()``.
        stories: what a reader may choose from.
    """
    mod = step_module(config, weights)
    artefact = compiled_step(config, mod, lab)
    file = model_file(artefact, mod)
    data: dict[str, Any] = {
        "lab": lab,
        "vocabulary": list(vocabulary()),
        "stories": [_described(story) for story in stories],
        "known": _known(config, weights, stories[0]),
        "bytes": {"file": len(file.content), "word": _bytes_of_a_word(artefact, weights["embed.weight"])},
        "model": {"file": file.name, "sha256": file.sha256, "bytes": len(file.content)},
        "kernels": [
            {"name": kernel.name, "grid": list(launch.grid), "block": list(kernel.block)}
            for launch in artefact.launches
            for kernel in [artefact.kernels[launch.kernel]]
        ],
        "recorded": recorded(lab, ["word"]),
    }
    return Widget("webgpu_writer", data, _plain_text(stories), height=720), file


def _as_people_write(phrase: Phrase) -> Text:
    return Text(written(encode(phrase.en), "en"), written(encode(phrase.zh), "zh"))


def _described(story: Story) -> dict[str, Any]:
    questions = [{"asked": _as_people_write(q.asked), "answer": _as_people_write(q.answer)} for q in story.questions()]
    return {"text": _as_people_write(story.text), "questions": questions}


def _known(config: Config, weights: Mapping[str, np.ndarray], story: Story) -> dict[str, Any]:
    """A text, the most probable words after it, and the logits after the last step that wrote one, in float64."""
    held = {name: quantized(each).dequantized() if each.ndim == 2 else each for name, each in weights.items()}
    tokens = [START, *encode(story.text.en)]
    given = len(tokens)
    for _ in range(_KNOWN_WORDS):
        last = logits(config, held, tokens)[-1]
        tokens.append(int(last.argmax()))
    return {"tokens": tokens, "given": given, "logits": [round(float(value), 4) for value in last]}


def _bytes_of_a_word(artefact: Artefact, embedding: np.ndarray) -> int:
    """Weights and caches, each read once; of the embedding, whose row of one word is read, nothing."""
    kept = [tensor for tensor in artefact.tensors if tensor.role == "constant" or tensor.name.startswith("cache")]
    table = quantized(embedding)
    return sum(tensor.bytes for tensor in kept) - table.words.nbytes - table.scales.nbytes


def _plain_text(stories: Sequence[Story]) -> str:
    """A story with its questions and right answers, for readers without scripts."""
    story = stories[0]
    rows = "".join(
        f"<tr><td>{both(_as_people_write(q.asked))}</td><td>{both(_as_people_write(q.answer))}</td></tr>"
        for q in story.questions()
    )
    head = f"<tr><th>{both(_QUESTION)}</th><th>{both(_RIGHT)}</th></tr>"
    told = both(_as_people_write(story.text), "p")
    return f"{both(NEEDS_SCRIPTS, 'p')}{told}<table><thead>{head}</thead><tbody>{rows}</tbody></table>"

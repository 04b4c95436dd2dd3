"""``python -m mlc_ref.language_models.training``: train the decoder on the stories and write its weights.

One thread and a stated number of steps, so that the same machine gives the same bits. A line of progress every hundred
steps; at the end how many test tasks of each kind are right. ``make train`` runs it; it takes about six minutes.
"""

import argparse
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mlc_ref.end_to_end.train import one_thread
from mlc_ref.language_models.config import Config, story_config
from mlc_ref.language_models.examples import KINDS, Row, Task, data_hash, held_out_tasks, training_batches
from mlc_ref.language_models.tokens import PAD
from mlc_ref.language_models.weights import SHIPPED, save_weights

if TYPE_CHECKING:
    import torch

    from mlc_ref.language_models.torch_model import Decoder


@dataclass(frozen=True)
class Recipe:
    """How the decoder is trained: the matrices of its blocks by Muon, all other weights by AdamW.

    Attributes:
        steps, batch: batches, and rows of one.
        rate, warmup: largest learning rate, reached after so many steps; then it falls along a cosine to a fiftieth.
        decay: weight decay of the matrices of the blocks.
        telling: weight of the words of stories and questions in the loss; words the model is asked for weigh 1.
        seed: of data and first weights.
    """

    steps: int = 1500
    batch: int = 32
    rate: float = 3e-3
    warmup: int = 50
    decay: float = 0.05
    telling: float = 0.2
    seed: int = 0

    def rate_at(self, step: int) -> float:
        """Learning rate of a step, counted from 0."""
        cosine = 0.5 * (1 + math.cos(math.pi * step / self.steps))
        return self.rate * min(1, (step + 1) / self.warmup) * (0.02 + 0.98 * cosine)


def padded(rows: Sequence[Row], telling: float) -> "tuple[torch.Tensor, torch.Tensor]":
    """Rows as one batch: tokens ``(rows, longest)`` int64, and the weight of each in the loss, float32; 0 for padding."""
    import torch

    longest = max(len(row.tokens) for row in rows)
    tokens = torch.full((len(rows), longest), PAD)
    weights = torch.zeros(len(rows), longest)
    for i, row in enumerate(rows):
        tokens[i, : len(row.tokens)] = torch.tensor(row.tokens)
        weights[i, : len(row.tokens)] = torch.where(torch.tensor(row.asked_for), 1.0, telling)
    return tokens, weights


def optimizers(model: "Decoder", recipe: Recipe) -> "list[torch.optim.Optimizer]":
    """Muon for the matrices of the blocks, which needs half the steps (K. Jordan et al., *Muon*, 2024), AdamW for the rest."""
    import torch

    blocks = [p for name, p in model.named_parameters() if p.ndim == 2 and name.startswith("blocks.")]
    others = [p for name, p in model.named_parameters() if p.ndim != 2 or not name.startswith("blocks.")]
    return [
        torch.optim.Muon(blocks, lr=recipe.rate, weight_decay=recipe.decay, adjust_lr_fn="match_rms_adamw"),
        torch.optim.AdamW(others, lr=recipe.rate, betas=(0.9, 0.98), weight_decay=0.0),
    ]


def train(
    recipe: Recipe, config: Config | None = None, report: Callable[[int, float], None] = lambda step, loss: None
) -> "Decoder":
    """A decoder trained on one thread; the same bits for the same recipe on the same machine.

    Args:
        report: called after each step with its number, from 1, and the mean loss of the words asked for, in nats.
    """
    from mlc_ref.language_models.torch_model import initialized

    model = initialized(config or story_config(), recipe.seed)
    found = optimizers(model, recipe)
    with one_thread():
        for step, rows in enumerate(training_batches(recipe.seed, recipe.steps, recipe.batch)):
            for optimizer in found:
                optimizer.param_groups[0]["lr"] = recipe.rate_at(step)
            report(step + 1, _step(model, found, *padded(rows, recipe.telling)))
    return model.eval()


def _step(
    model: "Decoder", found: "list[torch.optim.Optimizer]", tokens: "torch.Tensor", weights: "torch.Tensor"
) -> float:
    """One step of all optimizers; the mean loss of the words asked for."""
    import torch
    from torch.nn import functional as F

    losses = F.cross_entropy(model(tokens[:, :-1]).transpose(1, 2), tokens[:, 1:], reduction="none")
    weights = weights[:, 1:]
    model.zero_grad()
    ((losses * weights).sum() / weights.sum()).backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    for optimizer in found:
        optimizer.step()
    asked = weights == 1
    return float((losses.detach() * asked).sum() / asked.sum())


def torch_logits(model: "Decoder") -> Callable[[np.ndarray], np.ndarray]:
    """The model as a function of tokens ``(batch, length)`` to logits ``(batch, length, vocab)``."""
    import torch

    def logits(tokens: np.ndarray) -> np.ndarray:
        with torch.no_grad():
            return model(torch.from_numpy(tokens)).numpy()

    return logits


def right(logits: Callable[[np.ndarray], np.ndarray], tasks: Sequence[Task]) -> int:
    """How many tasks are solved to the letter when the most likely word is taken each time.

    One pass over the expected text decides it: the model writes that text if and only if each of its words is the most
    likely one after those before it.
    """
    tokens = np.full((len(tasks), max(len(t.beginning) + len(t.expected) for t in tasks)), PAD)
    for i, task in enumerate(tasks):
        tokens[i, : len(task.beginning) + len(task.expected)] = task.beginning + task.expected
    likely = logits(tokens[:, :-1]).argmax(-1)
    spans = [slice(len(t.beginning) - 1, len(t.beginning) + len(t.expected) - 1) for t in tasks]
    return sum(likely[i, span].tolist() == t.expected for i, (span, t) in enumerate(zip(spans, tasks, strict=True)))


class Progress:
    """Prints a line every ``every`` steps: step, loss of the words asked for since the last line, seconds of CPU time."""

    def __init__(self, steps: int, every: int = 100):
        self.steps, self.every, self.losses = steps, every, list[float]()
        self.start = time.process_time()

    def __call__(self, step: int, loss: float) -> None:
        self.losses.append(loss)
        if step % self.every == 0 or step == self.steps:
            mean = sum(self.losses) / len(self.losses)
            self.losses.clear()
            print(f"step {step} of {self.steps}: loss {mean:.4f}, {self.seconds:.0f} s of CPU time", flush=True)

    @property
    def seconds(self) -> float:
        """CPU time since the beginning."""
        return time.process_time() - self.start


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, write the weights and print how many of a hundred test tasks of each kind they get right."""
    import torch

    parser = argparse.ArgumentParser(
        prog="python -m mlc_ref.language_models.training", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--steps", type=int, default=Recipe.steps, help="default: %(default)s")
    parser.add_argument("--file", type=Path, default=SHIPPED, help="where the weights go")
    options = parser.parse_args(arguments)
    recipe = Recipe(steps=options.steps)
    progress = Progress(recipe.steps)
    model = train(recipe, report=progress)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(parameter.half())  # as they are kept
    scores = {kind: right(torch_logits(model), held_out_tasks(kind, 100)) for kind in KINDS}
    for kind, count in scores.items():
        print(f"{kind}: {count} of 100 right")
    arrays = {name: value.numpy() for name, value in model.state_dict().items()}
    about = {"recipe": asdict(recipe), "data": data_hash(recipe.seed), "right of 100": scores}
    print(save_weights(arrays, about, options.file))


if __name__ == "__main__":
    main()

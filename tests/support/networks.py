"""Tiny PyTorch networks as people write them, to send through importers and passes: each with inputs to call it with."""

import functools
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Case:
    """A network, arrays for its inputs, and whether their first extent is symbolic when it is exported."""

    network: object
    inputs: tuple
    symbolic: bool = False

    def export(self):
        import torch

        example = tuple(torch.tensor(x) for x in self.inputs)
        batch = {0: torch.export.Dim("batch", min=2, max=64)}
        shapes = (batch,) * len(example) if self.symbolic else None
        return torch.export.export(self.network, example, dynamic_shapes=shapes)


def module(forward, **modules):
    """A PyTorch module whose ``forward(self, …)`` and submodules are given."""
    from torch import nn

    built = type("Network", (nn.Module,), {"forward": forward})()
    for name, each in modules.items():
        built.add_module(name, each)
    return built.eval()


def normal(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape).astype("float32")


def whole(high, *shape):
    return np.random.default_rng(1).integers(0, high, shape)


def _branches(torch, nn):
    def gate(self, x):
        return torch.cond(
            x.sum() > 0, lambda x: torch.exp(x) + x * x + x, lambda x: torch.exp(x) * x, (x,)
        ) + torch.exp(x)

    def nested(self, x):
        def positive(x):
            return torch.cond(x.max() > 1, lambda x: torch.relu(x) - 1, lambda x: x * x + x, (x,))

        return torch.cond(x.mean() > 0, positive, lambda x: torch.tanh(x), (x,))

    def layers(self, x):
        def deep(x):
            return torch.relu(self.first(x))

        return self.last(torch.cond(x.sum() > 100, deep, lambda x: x + 1.0, (x,)))

    return {
        "branches": Case(module(gate), (normal(3, 4),)),
        "branches in branches": Case(module(nested), (normal(3, 4),)),
        "a layer in a branch": Case(module(layers, first=nn.Linear(4, 4), last=nn.Linear(4, 2)), (normal(3, 4),)),
    }


def _names(torch, nn):
    """Aliases, tuples, repeated and dead values."""

    def aliases(self, x, y):
        a = x * y
        b = a + x
        c = b
        return c.view(3, 4).contiguous()

    def parts(self, x):
        left, right = x.chunk(2, dim=1)
        top = x.unbind(0)[0]
        return left * right + left, top, left

    def repeated(self, x):
        a, _lost = torch.exp(x) @ x.T, torch.tanh(x)
        return a - torch.exp(x) @ x.T, a

    def unchanged(self, x):
        return x, x + 0, x

    def in_place(self, x):
        y = x.clone()
        y[:, 0] = 2.0
        y += x
        return y * x + y

    def constants(self, x):
        c = torch.ones(4) * 3 - torch.arange(4.0)
        return x + c * c

    def tied(self, x):
        return self.decode(torch.relu(self.encode(x)))

    decode, encode = nn.Linear(5, 5), nn.Linear(5, 5)
    decode.weight = encode.weight
    return {
        "aliases": Case(module(aliases), (normal(3, 4), normal(3, 4, seed=1))),
        "a product that broadcasts": Case(module(lambda self, x, y: (x * y + x).view(3, 4)), (normal(3, 4), normal(4))),
        "several results": Case(module(parts), (normal(3, 4),)),
        "repeated and dead values": Case(module(repeated), (normal(3, 4),)),
        "inputs as results": Case(module(unchanged), (normal(3, 4),)),
        "assignments to elements": Case(module(in_place), (normal(3, 4),)),
        "constants": Case(module(constants), (normal(3, 4),)),
        "tied weights": Case(module(tied, encode=encode, decode=decode), (normal(3, 5),)),
        "the last element": Case(module(lambda self, x: x[:, -1] * 2 + x[:, [-2, 0]].sum(1)), (normal(3, 4),)),
        "indices that are computed": Case(module(lambda self, x, i: x[i] * 2), (normal(4, 3), whole(4, 2))),
    }


def _layers(torch, nn):
    conv = [
        nn.Conv2d(2, 4, 3, padding=1),
        nn.BatchNorm2d(4),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(16, 3),
    ]
    norms = nn.Sequential(nn.Conv2d(4, 4, 3, groups=2), nn.GroupNorm(2, 4), nn.SiLU(), nn.AdaptiveAvgPool2d(1))
    multiply_add = module(lambda self, x, y: (x * y + y) * (x @ x.transpose(0, 1)).sum())
    perceptron = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
    return {
        "perceptron": Case(perceptron, (normal(3, 4),)),
        "perceptron, symbolic batch": Case(perceptron, (normal(3, 4),), symbolic=True),
        "convolutions": Case(nn.Sequential(*conv).eval(), (normal(2, 2, 4, 4),)),
        "convolutions, symbolic batch": Case(nn.Sequential(*conv).eval(), (normal(2, 2, 4, 4),), symbolic=True),
        "groups": Case(norms, (normal(2, 4, 5, 5),)),
        "one-dimensional convolution": Case(nn.Sequential(nn.Conv1d(2, 3, 2), nn.GELU()), (normal(2, 2, 6),)),
        "transposed convolution": Case(nn.ConvTranspose2d(2, 3, 2, stride=2), (normal(1, 2, 3, 3),)),
        "multiply and add": Case(multiply_add, (normal(3, 4), normal(3, 4, seed=1))),
        "multiply and add, symbolic batch": Case(
            module(lambda self, x, y: x * y + y), (normal(3, 4), normal(3, 4, seed=1)), symbolic=True
        ),
        "rows joined, symbolic batch": Case(
            module(lambda self, x: torch.relu(self.layer(torch.cat([x, x]))), layer=nn.Linear(4, 3)),
            (normal(3, 4),),
            symbolic=True,
        ),
        "vector times matrix": Case(module(lambda self, x, w: torch.relu(x @ w)), (normal(4), normal(4, 3))),
        "normalization": Case(nn.Sequential(nn.LayerNorm(6), nn.Linear(6, 6), nn.Softmax(-1)), (normal(2, 3, 6),)),
    }


def _sequences(torch, nn):
    def recurrent(layer):
        return module(lambda self, x: self.head(self.layer(x)[0][:, -1]), layer=layer, head=nn.Linear(5, 2))

    def attend(self, x):
        q, k, v = self.qkv(x).chunk(3, dim=-1)
        return self.out(torch.softmax(q @ k.transpose(1, 2) / 2.0, dim=-1) @ v) + x

    def language(self, tokens):
        return self.head(self.block(self.table(tokens)))

    block = nn.TransformerEncoderLayer(6, 2, 8, dropout=0.0, batch_first=True)
    attention = module(attend, qkv=nn.Linear(4, 12), out=nn.Linear(4, 4))
    table, head = nn.Embedding(7, 6), nn.Linear(6, 7, bias=False)
    head.weight = table.weight
    return {
        "LSTM": Case(recurrent(nn.LSTM(3, 5, batch_first=True)), (normal(2, 2, 3),)),
        "GRU": Case(recurrent(nn.GRU(3, 5, batch_first=True)), (normal(2, 2, 3),)),
        "embedding": Case(nn.Embedding(7, 3), (whole(7, 2, 4),)),
        "attention": Case(attention, (normal(2, 3, 4),)),
        "attention, symbolic batch": Case(attention, (normal(2, 3, 4),), symbolic=True),
        "language model": Case(module(language, table=table, block=block.eval(), head=head), (whole(7, 2, 3),)),
    }


@functools.cache
def cases():
    """All networks under their names, with the same weights every time."""
    import torch
    from torch import nn

    with torch.random.fork_rng():
        torch.manual_seed(0)
        found = {}
        for group in (_branches, _names, _layers, _sequences):
            found.update(group(torch, nn))
    return found

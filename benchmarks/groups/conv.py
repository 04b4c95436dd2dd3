"""3x3 convolutions of ResNet-50, one image, with bias and ReLU, beside PyTorch."""

import numpy as np
import torch
from compiled import compiled, tensors
from timing import Contest, Row, ring_length
from torch.nn import functional

from mlc_ref.schedules.kernels.conv import conv_tiles, pack_weights, register_tiled
from mlc_ref.schedules.kernels.programs import conv2d_bias_relu

LAYERS = ((56, 64), (28, 128), (14, 256), (7, 512))  # height and width, channels and filters


class Layer(torch.nn.Module):
    """What a user writes: a convolution and a ReLU."""

    def __init__(self, weights: torch.Tensor, bias: torch.Tensor):
        super().__init__()
        self.weights, self.bias = torch.nn.Parameter(weights), torch.nn.Parameter(bias)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return functional.relu(functional.conv2d(x, self.weights, self.bias, padding=1))


def rows(threads: int) -> list[Row]:
    torch._inductor.config.freezing = True  # the weights are constants: the compiler may pack them once, as we do
    return [row for size, channels in LAYERS for row in _layer(size, channels, threads)]


def _calls(f, inputs: list[torch.Tensor]) -> tuple:
    """A contender's call, and its result as height, width, filters."""
    return lambda i: f(inputs[i % len(inputs)]), lambda: f(inputs[0])[0].permute(1, 2, 0).numpy()


@torch.no_grad()
def _layer(size: int, channels: int, threads: int) -> list[Row]:
    rng = np.random.default_rng(0)
    ring = ring_length(8 * size * size * channels)
    x = [rng.standard_normal((size, size, channels), dtype="float32") for _ in range(ring)]
    w = rng.standard_normal((3, 3, channels, channels), dtype="float32") / np.float32(3 * channels**0.5)
    b = rng.standard_normal(channels, dtype="float32")
    weights, bias = torch.from_numpy(w).permute(3, 2, 0, 1).contiguous(), torch.from_numpy(b)
    plain = [torch.from_numpy(each).permute(2, 0, 1)[None].contiguous() for each in x]
    right = functional.relu(functional.conv2d(plain[0].double(), weights.double(), bias.double(), padding=1))
    contest = Contest("conv2d", f"conv2d 3x3 {size}x{size}, {channels} channels", threads)
    contest.oracle = right[0].permute(1, 2, 0).numpy()
    for form, name in ((torch.contiguous_format, "NCHW"), (torch.channels_last, "channels last")):
        inputs = [each.contiguous(memory_format=form) for each in plain]
        layer = Layer(weights.contiguous(memory_format=form), bias).eval()
        contest.add(f"torch {name}", *_calls(layer, inputs))
        if form is torch.channels_last:
            contest.add(f"torch.compile {name}", *_calls(torch.compile(layer), inputs))
    tiles, seconds = conv_tiles(size, channels), {}
    run = compiled("hand-written", register_tiled(conv2d_bias_relu(size, size, channels, channels), tiles).mod, seconds)
    vx, (vw, vb) = tensors(x), tensors([pack_weights(w, tiles), b])
    vy = tensors([np.empty((size, size, channels), "float32") for _ in range(ring)])
    contest.add("hand-written", lambda i: run(vx[i % ring], vw, vb, vy[i % ring]), lambda: vy[0].numpy())
    peers = [name for name in contest.contenders if name != "hand-written"]
    operations = 2 * size * size * channels * channels * 9
    return contest.rows(("hand-written", peers, 1.0), operations=operations, compiled=seconds)

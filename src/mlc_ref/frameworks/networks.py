"""PyTorch networks to import, and the step that exports them."""

from typing import TYPE_CHECKING

from mlc_ref.kinds import invalid

if TYPE_CHECKING:
    import torch
    from torch import nn


def residual_block(channels: int, seed: int = 0) -> "nn.Module":
    """Two 3×3 convolutions around which the input is carried, in evaluation mode.

    ``relu(conv1(relu(norm(conv0(x)))) + x)`` on ``(n, channels, h, w)`` float32; ``conv0`` has no bias,
    the normalization has random statistics.

    Source: K. He, X. Zhang, S. Ren and J. Sun, *Deep Residual Learning for Image Recognition*, CVPR 2016.
    """
    import torch
    from torch import nn

    class ResidualBlock(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv0 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
            self.norm = nn.BatchNorm2d(channels)
            self.conv1 = nn.Conv2d(channels, channels, 3, padding=1)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            inner = torch.relu(self.norm(self.conv0(x)))
            return torch.relu(self.conv1(inner) + x)

    with torch.random.fork_rng():
        torch.manual_seed(seed)
        block = ResidualBlock()
        block.norm.running_mean = torch.randn(channels) / 4
        block.norm.running_var = torch.rand(channels) + 0.5
    return block.eval()


def export_network(
    network: "nn.Module", *shapes: tuple[int, ...], symbolic_batch: bool = False
) -> "torch.export.ExportedProgram":
    """The exported program of a network for float32 inputs.

    Args:
        network: in evaluation mode, if it behaves differently in training.
        shapes: one a parameter of ``forward``.
        symbolic_batch: whether the first extent of every input is one symbol. The example's batch must
            then be 2 or more, because PyTorch specializes on 1.

    Raises:
        ValueError: a symbolic batch with an example batch of 0 or 1.
    """
    import torch

    if symbolic_batch and any(shape[0] < 2 for shape in shapes):
        raise invalid(
            f"shapes: got {shapes}, a symbolic batch needs an example batch of 2 or more",
            f"shapes：得到 {shapes}；要得到符号批大小，示例的批大小要不小于 2",
        )
    example = tuple(torch.zeros(shape) for shape in shapes)
    batch = {0: torch.export.Dim("batch")}
    return torch.export.export(network, example, dynamic_shapes=(batch,) * len(shapes) if symbolic_batch else None)


def export_refusal(network: "nn.Module", *shapes: tuple[int, ...]) -> str:
    """The first line of what PyTorch says when it cannot export a network; its log is not shown.

    Raises:
        ValueError: the network can be exported.
    """
    import contextlib
    import io
    import logging

    import torch

    logging.disable(logging.CRITICAL)
    try:
        with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
            export_network(network, *shapes)
    except (RuntimeError, torch.fx.experimental.symbolic_shapes.GuardOnDataDependentSymNode) as error:
        return str(error).strip().splitlines()[0]
    finally:
        logging.disable(logging.NOTSET)
    raise invalid(f"{type(network).__name__}: can be exported", f"{type(network).__name__}：可以导出，没有被拒绝")

"""Pictures of what a GPU kernel does with its data, drawn from the simulator's samples.

* ``sector_board``: which sectors of global memory a warp touches, and with which lanes.
* ``bank_board``: how many words a warp wants from each bank of shared memory.
* ``mapping_board``: which block and thread works on which element of a matrix.
"""

import numpy as np

from mlc_ref.gpu_sim.counting import BANK_BYTES, BANKS, SECTOR, wavefronts
from mlc_ref.gpu_sim.result import AccessSample, KernelResult
from mlc_ref.kinds import takes
from mlc_ref.language import Text
from mlc_ref.viz.board import Board, Kind

_WORDS = SECTOR // BANK_BYTES
_ROWS = 8
_COLOURS: tuple[Kind, ...] = ("blue", "green", "orange", "purple")


@takes("AccessSample")
def sector_board(sample: AccessSample, *, warp: int = 0, block: int = 0) -> Board:
    """The first sectors that a warp touches, one a row, and the lane that touches each word.

    A row holds 32 bytes, 8 words of 4. Where several lanes touch a word, the first is named.
    """
    addresses, active = sample.warp(warp, block)
    owner = _lane_of_word(addresses[active], np.flatnonzero(active), sample)
    touched = sorted({word // _WORDS for word in owner})
    rows = touched[:_ROWS]
    board = Board(470, 84 + 36 * len(rows) + (28 if len(touched) > _ROWS else 0), _sector_title(sample, len(touched)))
    board.text(12, 26, _sector_title(sample, len(touched)), anchor="start", style="bold")
    board.text(12, 54, Text("byte", "字节"), anchor="start", style="soft")
    board.text(272, 54, Text("lane that touches the word", "访问该字的线程通道"), style="soft")
    for i, sector in enumerate(rows):
        y = 66 + 36 * i
        board.text(92, y + 23, f"{sector * SECTOR:,}", anchor="end", style="mono soft")
        for word in range(_WORDS):
            lane = owner.get(sector * _WORDS + word)
            kind: Kind = "plain" if lane is None else "blue"
            label = "" if lane is None else str(lane)
            board.box(104 + 43 * word, y, 41, 30, label, kind=kind, radius=3, style="mono", size=14)
    if len(touched) > _ROWS:
        more = len(touched) - _ROWS
        board.text(
            272, 66 + 36 * len(rows) + 20, Text(f"and {more} sectors more", f"以及另外 {more} 个扇区"), style="soft"
        )
    return board


def _sector_title(sample: AccessSample, count: int) -> Text:
    verb = Text("load", "加载") if sample.kind == "load" else Text("store", "存储")
    return Text(
        f"{verb.en} of {sample.buffer}: {count} sectors for a warp",
        f"{verb.zh} {sample.buffer}：一个线程束 {count} 个扇区",
    )


def _lane_of_word(addresses: np.ndarray, lanes: np.ndarray, sample: AccessSample) -> dict[int, int]:
    """The first lane that touches each 4-byte word."""
    owner: dict[int, int] = {}
    for address, lane in zip(addresses, lanes, strict=True):
        last = int(address) + sample.width * sample.itemsize - 1
        for word in range(int(address) // BANK_BYTES, last // BANK_BYTES + 1):
            owner.setdefault(word, int(lane))
    return owner


@takes("AccessSample")
def bank_board(sample: AccessSample, *, warp: int = 0, block: int = 0) -> Board:
    """The 32 banks of shared memory, and above each the distinct words that a warp wants from it.

    What a conflict-free access needs is green: one word of each bank, two with 8 bytes a lane, four
    with 16. Each word above costs a pass more.
    """
    addresses, active = sample.warp(warp, block)
    words = set(_lane_of_word(addresses[active], np.flatnonzero(active), sample))
    counts = np.bincount([word % BANKS for word in words], minlength=BANKS)
    bytes_each = sample.width * sample.itemsize
    padded, on = np.zeros(32, np.int64), np.zeros(32, bool)
    padded[: len(addresses)], on[: len(active)] = addresses, active
    passes = wavefronts(padded, on, bytes_each)[0]
    height = max(int(counts.max()), 1)
    cell = 20 if height <= 8 else 8
    board = Board(548, 110 + height * cell, _bank_title(sample, passes))
    board.text(18, 26, _bank_title(sample, passes), anchor="start", style="bold")
    base = 50 + height * cell
    for bank, count in enumerate(counts):
        for level in range(int(count)):
            kind: Kind = "green" if level < max(1, bytes_each // BANK_BYTES) else "red"
            board.box(18 + 16 * bank, base - (level + 1) * cell, 14, cell - 2, kind=kind, radius=2)
    board.line((18, base + 2), (528, base + 2))
    for bank in (0, 8, 16, 24, 31):
        board.text(25 + 16 * bank, base + 22, str(bank), style="mono soft", size=14)
    board.text(273, base + 46, Text("bank; one box is one word", "存储体；一个方框表示一个字"), style="soft")
    return board


def _bank_title(sample: AccessSample, passes: int) -> Text:
    verb = Text("load", "加载") if sample.kind == "load" else Text("store", "存储")
    return Text(
        f"{verb.en} of {sample.buffer}: {passes} {'pass' if passes == 1 else 'passes'} for a warp",
        f"{verb.zh} {sample.buffer}：一个线程束 {passes} 轮",
    )


@takes("KernelResult")
def mapping_board(kernel: KernelResult, buffer: str, shape: tuple[int, int], kind: str = "store") -> Board:
    """The top left corner of a matrix, coloured by block, with ``x,y`` of the thread that accesses an element.

    Args:
        buffer: the matrix, in global memory.
        shape: of the matrix, in elements.
        kind: ``load`` or ``store``; its first access is drawn.

    Raises:
        ValueError: the kernel has no such access.
    """
    sample = kernel.access(buffer, kind)
    rows, columns = min(shape[0], 8), min(shape[1], 12)
    board = Board(max(44 + 42 * columns, 320), 108 + 34 * rows, Text(f"who accesses {buffer}", f"谁访问 {buffer}"))
    board.text(22, 26, board.title, anchor="start", style="bold")
    for i in range(rows):
        for j in range(columns):
            label, colour = _owner(kernel, sample, i * shape[1] + j)
            board.box(22 + 42 * j, 44 + 34 * i, 40, 32, label, kind=colour, radius=3, style="mono", size=14)
    board.text(22, 44 + 34 * rows + 26, Text("colour: block", "颜色：线程块"), anchor="start", style="soft")
    numbers = Text("numbers: threadIdx.x,threadIdx.y", "数字：threadIdx.x,threadIdx.y")
    board.text(22, 44 + 34 * rows + 48, numbers, anchor="start", style="soft")
    return board


def _owner(kernel: KernelResult, sample: AccessSample, element: int) -> tuple[str, Kind]:
    """Thread that accesses an element, and colour of its block; neighbours differ in both directions."""
    first = sample.indices
    found = np.argwhere((first >= 0) & (first <= element) & (element < first + sample.width))
    if not len(found):
        return "", "ghost"
    block, thread = (int(i) for i in found[0])
    row, column = divmod(block, kernel.grid[0])
    label = f"{thread % kernel.block[0]},{thread // kernel.block[0] % kernel.block[1]}"
    return label, _COLOURS[(column + 2 * row) % len(_COLOURS)]

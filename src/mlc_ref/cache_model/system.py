"""The data caches of a core of this machine, as Linux describes them."""

from pathlib import Path

from mlc_ref.cache_model.cache import LINE_BYTES
from mlc_ref.cache_model.levels import CacheLevel

SYSTEM_CACHES = Path("/sys/devices/system/cpu/cpu0/cache")


def described_caches(folder: Path = SYSTEM_CACHES) -> tuple[CacheLevel, ...]:
    """The caches that a folder of ``/sys`` describes, nearest first; none where it says nothing.

    ``ways`` is ``None`` where the machine does not say it, says 0, or says what does not divide the size.
    """
    found = []
    for index in sorted(folder.glob("index*")):
        if (index / "type").read_text().strip() == "Instruction":
            continue
        size = int((index / "size").read_text().strip().removesuffix("K")) * 1024
        line = _number(index / "coherency_line_size") or LINE_BYTES
        ways = _number(index / "ways_of_associativity")
        level = int((index / "level").read_text())
        fits = ways and size % (ways * line) == 0
        found.append((level, CacheLevel(f"L{level}", size, ways if fits else None, line)))
    return tuple(cache for _, cache in sorted(found, key=lambda each: each[0]))


def _number(path: Path) -> int:
    """A number that not every machine gives; 0 where it does not."""
    return int(path.read_text()) if path.is_file() else 0

"""Mutants of the solutions of exercises, judged as answers: which lose a point, and which are listed as right all the same.

``python tests/support/mutation.py [--all] [stem [item]]`` judges them and prints the table; see ``test_mutants.py``.
"""

import fnmatch
import random
import sys
import zlib

from exercise_answers import FOLDER, items, judged, solution
from mutants import Mutant, mutants

SAMPLE = 7  # mutants of an item that are judged when not all are


def chosen(stem: str, item: str, *, everything: bool) -> list[Mutant]:
    """The mutants of an item that are judged: all of them, or always the same few."""
    found = mutants(solution(stem, item))
    if everything or len(found) <= SAMPLE:
        return found
    return random.Random(zlib.crc32(f"{stem} {item}".encode())).sample(found, SAMPLE)


def equivalents(stem: str, item: str) -> dict[str, str]:
    """Patterns for names of mutants that are right all the same, each with the reason."""
    path = FOLDER / stem / item / "equivalent.txt"
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    return dict(line.split("  # ", 1) for line in lines if line.strip() and not line.startswith("#"))


def is_equivalent(mutant: Mutant, patterns: dict[str, str]) -> bool:
    return any(mutant.name == each or fnmatch.fnmatchcase(mutant.name, each) for each in patterns)


def loses_by_judgement(stem: str, item: str, mutant: Mutant, seed: int = 0) -> bool:
    """Whether a mutant was judged and lost a part; one that ended its process or its time was not."""
    reply = judged(stem, item, mutant.code, seed=seed, first_loss=True)
    return "parts" in reply and any(reply["parts"].values())


def survives(stem: str, item: str, mutant: Mutant, seed: int = 0) -> bool:
    """Whether a mutant gets all points."""
    reply = judged(stem, item, mutant.code, seed=seed, first_loss=True)
    return "parts" in reply and not any(reply["parts"].values())


def main() -> None:
    everything, wanted = "--all" in sys.argv, [word for word in sys.argv[1:] if not word.startswith("-")]
    print("| set | item | mutants | killed | equivalent | survived |\n|---|---|---|---|---|---|")
    for stem, item in items():
        if wanted not in ([], [stem], [stem, item]):
            continue
        tried, patterns = chosen(stem, item, everything=everything), equivalents(stem, item)
        alive = [mutant for mutant in tried if survives(stem, item, mutant)]
        known = [mutant for mutant in alive if is_equivalent(mutant, patterns)]
        rest = [mutant for mutant in alive if mutant not in known]
        print(f"| {stem} | {item} | {len(tried)} | {len(tried) - len(alive)} | {len(known)} | {len(rest)} |")
        for mutant in rest:
            print(f"    {mutant.name}", flush=True)


if __name__ == "__main__":
    main()

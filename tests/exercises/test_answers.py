"""Every answer kept as a file earns what its first lines say: right ones all, wrong ones what they do not break."""

import os
import re

import pytest
from exercise_answers import answer_files, items, judged, solution

SEEDS = range(int(os.environ.get("MLC_ANSWER_SEEDS", "1")))  # more of them: more secret inputs
FILES = answer_files()
ENGLISH = re.compile(r"\b(?=[a-z ]*\b(is|are|the|of|not|and|no|to|by|with|found)\b)[a-z]{2,}( [a-z]{2,}){2,}\b")
QUOTED = re.compile(r"英文原文.*|'[^'一-鿿]*'?|“[^”]*”", re.DOTALL)  # a library's words, and the answer's own


@pytest.mark.parametrize("answer", FILES, ids=str)
def test_an_answer_earns_what_it_should(answer):
    for seed in SEEDS:
        reply = judged(answer.stem, answer.item, answer.code, seed=seed)
        if "died" in reply:  # as ``mlc check`` would end it
            assert answer.loses == answer.parts, reply
            continue
        assert "parts" in reply, reply
        lost = {name: message for name, message in reply["parts"].items() if message}
        assert set(lost) == answer.loses, lost
        english, chinese = (" ".join(message[n] for message in lost.values()) for n in (0, 1))
        own_words = [QUOTED.sub("", message[1]) for message in lost.values()]
        assert not any(map(ENGLISH.search, own_words)), own_words
        for words in answer.says:
            assert words in english
        for words in answer.says_not:
            assert words not in english + chinese


@pytest.mark.parametrize(("stem", "item"), items())
def test_the_solution_earns_all_points(stem, item):
    reply = judged(stem, item, solution(stem, item))
    assert not any(reply["parts"].values()), reply

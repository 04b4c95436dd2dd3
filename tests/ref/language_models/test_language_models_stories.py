"""Stories: what is asked has one answer, both languages tell the same, and stories for test are new by construction."""

import random

import pytest

from mlc_ref.language_models import words
from mlc_ref.language_models.config import story_config
from mlc_ref.language_models.examples import (
    KINDS,
    TEST_SEED,
    data_hash,
    held_out_tasks,
    question_tasks,
    training_batches,
    training_row,
    translation_task,
)
from mlc_ref.language_models.stories import never_met, tell
from mlc_ref.language_models.tokens import END, PAD, START, decode, encode, read, vocabulary, written
from mlc_ref.language_models.words import PEOPLE, THINGS


def stories(count: int, *, new: bool = False, seed: int = 3):
    rng = random.Random(seed)
    return [tell(rng, new=new) for _ in range(count)]


def state_from_text(sentences: list[str]):
    """Who is where and who has the thing, read from the English words alone: a second opinion on the grammar."""
    inside = {place.name.en: place.inside.en for place in words.PLACES}
    where: dict[str, str] = {}
    holder, lies = "", ""
    for sentence in sentences:
        who, *rest = sentence.removesuffix(" .").split()
        said = " ".join(rest)
        if said.startswith("was "):
            where[who] = said.removeprefix("was ")
        elif rest[0] in ("had", "found", "bought"):
            holder = next(iter(where))
        elif rest[0] in ("came", "went", "ran", "walked"):
            where[who] = inside[said.split(" to ")[1]]
        elif rest[0] in ("gave", "handed"):
            assert (who, where[who]) == (holder, where[rest[-1]])
            holder = rest[-1]
        elif rest[0] == "dropped" or said.startswith("put down"):
            assert who == holder
            holder, lies = "", where[who]
        elif rest[0] == "took" or said.startswith("picked up"):
            assert (holder, where[who]) == ("", lies)
            holder = who
        else:
            assert rest[0] in ("showed", "smiled", "sang", "sat")
    return where, holder, lies


def test_answers_follow_from_the_words_of_the_story():
    for story in stories(300):
        where, holder, lies = state_from_text([each.en for each in story.sentences])
        found = {q.asked.en: q.answer.en for q in story.questions()}
        thing = story.thing.name.en
        assert found[f"where is {thing} ?"] == f"{where[holder] if holder else lies} ."
        assert found[f"who has {thing} ?"] == f"{holder or 'nobody'} ."
        assert all(found[f"where is {person} ?"] == f"{place} ." for person, place in where.items())
        assert f"a {found[f'what color is {thing} ?'][:-2]} {thing.removeprefix('the ')} ." in story.sentences[1].en


def test_every_event_of_the_grammar_is_told():
    told = " ".join(story.text.en for story in stories(300))
    verbs = [
        "had",
        "found",
        "bought",
        "came",
        "went",
        "ran",
        "walked",
        "gave",
        "handed",
        "showed",
        "put",
        "dropped",
        "picked",
        "took",
        "smiled",
        "sang",
        "sat",
    ]
    assert [verb for verb in verbs if f" {verb} " not in told] == []


def test_both_languages_tell_the_same_story():
    """Translated sentence by sentence: a Chinese sentence belongs to one English one, and the other way round."""
    pairs = {(each.en, each.zh) for story in stories(1500) for each in story.sentences}
    named = {pair for pair in pairs if not pair[0].startswith(("she", "he "))}
    assert len({en for en, _ in named}) == len({zh for _, zh in named}) == len(named)


@pytest.mark.parametrize("new", [False, True])
def test_stories_for_test_have_a_pair_that_no_training_has(new: bool):
    for story in stories(300, new=new):
        assert story.is_new == new
        assert any(never_met(person, story.thing) for person in story.people) == new
        if new:
            assert never_met(story.people[0], story.thing)


def test_every_person_and_every_thing_is_seen_in_training_and_kept_apart_from_some():
    for person in PEOPLE:
        assert 0 < sum(never_met(person, thing) for thing in THINGS) < len(THINGS)
    seen = {(person.name.en, story.thing.name.en) for story in stories(3000) for person in story.people}
    apart = {(p.name.en, t.name.en) for p in PEOPLE for t in THINGS if never_met(p, t)}
    assert len(seen) == len(PEOPLE) * len(THINGS) - len(apart)
    assert not seen & apart


def test_rows_of_training_hold_no_pair_for_test():
    things = {t.name.zh: t for t in THINGS} | {t.name.en.removeprefix("the "): t for t in THINGS}
    people = {name: p for p in PEOPLE for name in p.name}
    rng = random.Random(0)
    for _ in range(500):
        said = decode(training_row(rng).tokens).split()
        thing = next(things[word] for word in said if word in things)
        assert not any(never_met(people[word], thing) for word in said if word in people)


def test_a_row_is_asked_for_answers_and_translations_with_their_end():
    rng = random.Random(1)
    for _ in range(200):
        row = training_row(rng)
        assert len(row.tokens) == len(row.asked_for) <= story_config().length
        assert (row.tokens[0], row.tokens[-1], row.asked_for[-1]) == (START, END, True)
        for i, token in enumerate(row.tokens):
            if token == END:
                assert row.asked_for[i]
        # Before what is asked for stands a question or the mark of a language.
        before = [row.tokens[i - 1] for i, asked in enumerate(row.asked_for) if asked and not row.asked_for[i - 1]]
        assert {vocabulary()[token] for token in before} <= {"?", "？", "<en>", "<zh>"}


def test_the_same_seed_gives_the_same_data_and_another_seed_other_data():
    first, again, other = (
        [[row.tokens for row in batch] for batch in training_batches(seed, 3, 4, mixed=2)] for seed in (0, 0, 1)
    )
    assert first == again != other
    assert [len(batch) for batch in first] == [4, 4, 4]
    assert data_hash(0) == data_hash(0) != data_hash(1)


def test_a_change_of_the_grammar_changes_the_hash(monkeypatch: pytest.MonkeyPatch):
    before = data_hash(0)
    monkeypatch.setattr("mlc_ref.language_models.words.GOES", words.GOES[:2])
    assert data_hash(0) != before


@pytest.mark.parametrize("kind", KINDS)
def test_tasks_for_test_are_of_one_kind_and_repeat(kind: str):
    tasks = held_out_tasks(kind, 20)
    assert tasks == held_out_tasks(kind, 20, TEST_SEED) != held_out_tasks(kind, 20, TEST_SEED + 1)
    assert {task.language for task in tasks} == {kind[-2:]}
    assert all(task.expected[-1] == END and task.beginning[0] == START for task in tasks)
    into = {"translate en": "<zh>", "translate zh": "<en>", "answer en": "?", "answer zh": "？"}[kind]
    assert {vocabulary()[task.beginning[-1]] for task in tasks} == {into}


def test_an_unknown_kind_of_task_is_refused():
    with pytest.raises(ValueError, match="kind: got 'answer fr', allowed answer en, answer zh"):
        held_out_tasks("answer fr", 1)


def test_the_two_translations_of_a_story_are_inverse():
    for story in stories(50):
        there, back = (translation_task(story, language) for language in ("en", "zh"))
        assert there.expected[:-1] == back.beginning[1:-1]
        assert back.expected[:-1] == there.beginning[1:-1]
        assert len(question_tasks(story, "en")) == 5


def test_numbers_and_words_are_inverse_and_no_word_is_there_twice():
    known = vocabulary()
    assert len(set(known)) == len(known) >= 144
    assert encode(decode(range(len(known)))) == list(range(len(known)))
    assert known[PAD] == "<pad>"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_text_as_people_write_it_is_read_as_the_same_words(language):
    for story in stories(200):
        numbers = encode(getattr(story.text, language))
        assert read(written(numbers, language)) == numbers
        for question in story.questions():
            asked = encode(getattr(question.asked, language))
            assert read(written(asked, language)) == asked


def test_written_text_has_capitals_and_no_marks():
    assert (
        written([START, *encode("where is the ball ? in the park ."), END], "en") == "Where is the ball? In the park."
    )
    assert written(encode("她 有 一 个 红色 的 球 。"), "zh") == "她有一个红色的球。"


@pytest.mark.parametrize(
    ("text", "said"),
    [("Lily was in the parc.", "'parc'.*such as park"), ("莉莉在月球上。", "'月球上'"), ("£5", "'£5'")],
)
def test_a_word_the_model_has_never_read_is_named(text: str, said: str):
    with pytest.raises(ValueError, match=said):
        read(text)


def test_marks_cannot_be_written_by_a_reader():
    with pytest.raises(ValueError, match="never read"):
        read("<end>")


@pytest.mark.parametrize("token", [-1, 10_000])
def test_a_number_without_a_word_is_refused(token: int):
    with pytest.raises(ValueError, match=f"tokens: got {token}, allowed 0 to"):
        decode([token])


def test_messages_are_in_the_readers_language(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MLC_LANG", "zh")
    with pytest.raises(ValueError, match="模型从未读过"):
        encode("parc")

"""The shipped model: what it gets right, what it writes, and that training gives it again."""

import random
import zipfile
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from mlc_ref.language_models import numpy_model
from mlc_ref.language_models.config import SMALL, story_config
from mlc_ref.language_models.examples import KINDS, Task, data_hash, held_out_tasks, training_row
from mlc_ref.language_models.generate import (
    answer,
    continued,
    drawn,
    go_on,
    go_on_together,
    most_likely,
    trained_run,
    translate,
)
from mlc_ref.language_models.paging import Pages
from mlc_ref.language_models.runners import InPlaceRun
from mlc_ref.language_models.tokens import END, START, encode, read, written
from mlc_ref.language_models.training import Progress, Recipe, main, padded, right, torch_logits, train
from mlc_ref.language_models.weights import SHIPPED, load_weights, save_weights

SAMPLE = 20  # tasks of each kind, others than those that training reports
# Of a hundred. Who has a thing and its colour are always answered right; where somebody or something is, in four of five.
LEAST = {"answer en": 80, "answer zh": 80, "translate en": 95, "translate zh": 95}
# What a model that good falls below in fewer than one of a thousand samples.
LEAST_OF_SAMPLE = {"answer en": 10, "answer zh": 10, "translate en": 15, "translate zh": 15}
TRAINED = load_weights()


@pytest.fixture(scope="module")
def run() -> InPlaceRun:
    return trained_run()


def numpy_logits(tokens: np.ndarray) -> np.ndarray:
    return np.stack([numpy_model.logits(story_config(), TRAINED.arrays, row) for row in tokens])


@pytest.mark.parametrize("kind", KINDS)
def test_the_shipped_model_is_right_about_stories_that_no_training_has(kind: str):
    assert right(numpy_logits, held_out_tasks(kind, SAMPLE, seed=77)) >= LEAST_OF_SAMPLE[kind]


def test_the_shipped_weights_say_what_they_learned_from_and_how_good_they_are():
    about = TRAINED.about
    assert about["data"] == data_hash(about["recipe"]["seed"]), "the grammar was changed: run make train"
    assert about["recipe"] == asdict(Recipe())
    assert {kind: count for kind, count in about["right of 100"].items() if count < LEAST[kind]} == {}
    assert set(about["right of 100"]) == set(KINDS)


def test_the_weights_are_a_plain_archive_of_at_most_two_megabytes():
    assert SHIPPED.stat().st_size < 2 * 10**6
    with zipfile.ZipFile(SHIPPED) as archive:
        assert {name.removesuffix(".npy") for name in archive.namelist()} == {*story_config().shapes(), "about"}
    assert sum(array.size for array in TRAINED.arrays.values()) == pytest.approx(0.8e6, rel=0.05)


def test_weights_come_back_as_they_were_written_but_for_float16(tmp_path: Path):
    weights = numpy_model.random_weights(SMALL, 1)
    path = save_weights(weights, {"seed": 1}, tmp_path / "w.npz")
    found = load_weights(path, SMALL)
    assert found.about == {"seed": 1}
    assert all(
        np.array_equal(found.arrays[name], weights[name].astype("float16").astype("float32")) for name in weights
    )
    assert list(found.arrays) == list(SMALL.shapes())
    with pytest.raises(
        ValueError, match=r"w.npz: blocks.0.down.weight: got \(32, 48\), allowed \(32, 40\); run make train"
    ):
        load_weights(path, replace(SMALL, ffn=40))


def test_the_compiled_model_writes_what_the_oracle_writes(run: InPlaceRun):
    for kind in KINDS:
        for task in held_out_tasks(kind, 3, seed=5):
            written_words = continued(run, task.beginning, most_likely, 50)
            follows = [*task.beginning, *written_words, END]
            likely = numpy_logits(np.array([follows]))[0].argmax(-1)[len(task.beginning) - 1 : -1]
            assert likely.tolist() == follows[len(task.beginning) :]


def test_right_counts_the_texts_that_are_written_to_the_letter(run: InPlaceRun):
    tasks = held_out_tasks("answer en", 12, seed=9)
    tasks[0] = replace(tasks[0], expected=encode("nobody nobody"))
    counted = sum([*continued(run, t.beginning, most_likely, 50), END] == t.expected for t in tasks)
    assert right(numpy_logits, tasks) == counted < 12


ENGLISH = (
    "Lily was in the park. She had a red ball. Tom came to the park. Lily gave the ball to Tom. Tom went to the hill."
)
CHINESE = "莉莉在公园里。她有一个红色的球。汤姆来到了公园。莉莉把球给了汤姆。汤姆去了山上。"


@pytest.mark.parametrize(
    ("story", "question", "said"),
    [
        (ENGLISH, "Where is Tom?", "On the hill."),
        (ENGLISH, "Who has the ball?", "Tom."),
        (ENGLISH, "What color is the ball?", "Red."),
        (CHINESE, "谁拿着球？", "汤姆。"),
        (CHINESE, "球是什么颜色？", "红色。"),
    ],
)
def test_a_reader_s_own_question_is_answered(run: InPlaceRun, story: str, question: str, said: str):
    assert answer(run, story, question) == said


def test_a_story_is_translated_both_ways(run: InPlaceRun):
    assert translate(run, ENGLISH) == CHINESE
    assert translate(run, CHINESE) == ENGLISH


def test_writing_goes_on_by_the_seed(run: InPlaceRun):
    text = "Lily was in the park."
    beginning = [START, *read(text)]
    long, short, other = (
        continued(run, beginning, drawn(seed, 60, 0.8), most) for seed, most in ((1, 30), (1, 5), (2, 30))
    )
    assert (long[:5], len(short)) == (short, 5)
    assert long != other
    assert go_on(run, text, words=30, seed=1) == written(long, "en")


def test_at_temperature_0_the_seed_makes_no_difference(run: InPlaceRun):
    assert go_on(run, CHINESE, temperature=0, seed=1) == go_on(run, CHINESE, temperature=0, seed=2)


def test_texts_written_together_are_those_written_one_by_one(run: InPlaceRun):
    pages = Pages(story_config(), TRAINED.arrays, pages=40)
    for text in (ENGLISH, "莉莉在公园里。"):
        together = go_on_together(pages, text, [3, 4, 5], words=25, top_p=0.9)
        assert together == [go_on(run, text, words=25, top_p=0.9, seed=seed) for seed in (3, 4, 5)]
        assert (pages.free_pages, pages.lengths) == (40, {})
    assert go_on_together(pages, ENGLISH, []) == []


@pytest.mark.parametrize("wrong", [{"seeds": range(5)}, {"seeds": [1, 2], "temperature": -1}])
def test_texts_that_cannot_be_written_together_leave_the_pool_empty(wrong):
    pages = Pages(story_config(), TRAINED.arrays, texts=4, pages=40)
    with pytest.raises(ValueError, match="got"):
        go_on_together(pages, "Lily was in the park.", **wrong)
    assert (pages.free_pages, pages.lengths) == (40, {})


def test_what_cannot_be_read_is_refused_in_one_line(run: InPlaceRun):
    for call, said in (
        (lambda: answer(run, "", "Who has the ball?"), "story: got ''"),
        (lambda: answer(run, ENGLISH, " "), "question: got ' '"),
        (lambda: translate(run, "Lily was in the moon."), "'moon'"),
        (lambda: go_on(run, ENGLISH * 10), "words, allowed 1 to 112"),
        (lambda: go_on(run, ENGLISH, temperature=-1), "temperature: got -1"),
    ):
        with pytest.raises(ValueError, match=said) as raised:
            call()
        assert "\n" not in str(raised.value)


def test_writing_ends_at_the_longest_text(run: InPlaceRun):
    full = [START, *read(" ".join([ENGLISH] * 5))][: story_config().length - 3]
    assert len(continued(run, full, lambda position, logits: 10, 3)) == 3
    assert run.length == story_config().length - 1  # nobody asks what comes after the last word


TINY = Recipe(steps=2, batch=3)


def test_training_gives_the_same_bits_for_a_recipe_and_others_for_another_seed():
    import torch

    before, threads = torch.random.get_rng_state(), torch.get_num_threads()
    losses: list[tuple[int, float]] = []
    models = [train(recipe, report=lambda *line: losses.append(line)) for recipe in (TINY, TINY, replace(TINY, seed=1))]
    first, again, other = (model.state_dict() for model in models)
    assert losses[:2] == losses[2:4] != losses[4:]
    assert [step for step, _ in losses[:2]] == [1, 2]
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not all(torch.equal(first[name], other[name]) for name in first)
    assert {name: tuple(value.shape) for name, value in first.items()} == story_config().shapes()
    assert torch.equal(torch.random.get_rng_state(), before)
    assert torch.get_num_threads() == threads


def test_every_weight_is_trained():
    import torch

    from mlc_ref.language_models.torch_model import initialized

    before, after = initialized(story_config(), 0).state_dict(), train(TINY).state_dict()
    assert [name for name in before if torch.equal(before[name], after[name])] == []


def test_the_learning_rate_rises_and_falls():
    recipe = Recipe(steps=200, rate=1.0, warmup=50)
    rates = [recipe.rate_at(step) for step in range(200)]
    assert rates[0] == pytest.approx(1 / 50, rel=0.01)
    assert rates.index(max(rates)) == 49
    assert rates[-1] == pytest.approx(0.02, rel=0.01)


def test_padding_has_no_weight_and_what_is_asked_for_weighs_most():
    rows = [training_row(random.Random(seed)) for seed in range(6)]
    tokens, weights = (tensor.numpy() for tensor in padded(rows, 0.25))
    assert tokens.shape == weights.shape == (6, max(len(row.tokens) for row in rows))
    for row, numbers, weight in zip(rows, tokens, weights, strict=True):
        end = len(row.tokens)
        assert (numbers[:end].tolist(), weight[:end].tolist()) == (
            row.tokens,
            [1 if a else 0.25 for a in row.asked_for],
        )
        assert not numbers[end:].any()
        assert not weight[end:].any()


def test_an_untrained_model_is_right_about_nothing():
    from mlc_ref.language_models.torch_model import initialized

    logits = torch_logits(initialized(story_config(), 0))
    assert right(logits, held_out_tasks("answer en", 10)) == 0
    assert right(logits, [Task("en", [START], [int(logits(np.array([[START]])).argmax())])]) == 1


def test_the_command_trains_writes_and_reports(tmp_path: Path, capsys: pytest.CaptureFixture):
    path = tmp_path / "weights.npz"
    main(["--steps", "1", "--file", str(path)])
    said = capsys.readouterr().out
    assert said.startswith("step 1 of 1: loss 5.")
    assert all(f"{kind}: 0 of 100 right" in said for kind in KINDS)
    assert load_weights(path).about["recipe"]["steps"] == 1


def test_progress_is_a_line_every_so_many_steps(capsys: pytest.CaptureFixture):
    progress = Progress(5, every=2)
    for step in range(1, 6):
        progress(step, float(step))
    assert [line.split(",")[0] for line in capsys.readouterr().out.splitlines()] == [
        "step 2 of 5: loss 1.5000", "step 4 of 5: loss 3.5000", "step 5 of 5: loss 5.0000",
    ]  # fmt: skip

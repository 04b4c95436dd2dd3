"""One decoder, written six times: NumPy, PyTorch, imported, and three caches in Relax, equal position by position."""

from collections.abc import Iterator

import numpy as np
import pytest
import torch

from mlc_ref.end_to_end.deploy import run_graph
from mlc_ref.harness import build
from mlc_ref.language_models import numpy_model
from mlc_ref.language_models.config import SMALL, Config
from mlc_ref.language_models.from_torch import exported_decoder, import_decoder
from mlc_ref.language_models.paging import PAGE, Pages
from mlc_ref.language_models.runners import GrowingRun, InPlaceRun
from mlc_ref.language_models.torch_model import Decoder, initialized

WEIGHTS = numpy_model.random_weights(SMALL, 0)
TOKENS = [int(token) for token in np.random.default_rng(1).integers(0, SMALL.vocab, 40)]
EXPECTED = numpy_model.logits(SMALL, WEIGHTS, TOKENS)
BOUND = 2e-5  # of logits of about 1, after some hundred float32 sums


def agrees(found: np.ndarray, position: int) -> bool:
    return bool(np.abs(found - EXPECTED[position]).max() < BOUND)


@pytest.fixture(scope="module")
def runs() -> dict[str, GrowingRun | InPlaceRun]:
    return {
        "growing": GrowingRun(SMALL, WEIGHTS),
        "in place": InPlaceRun(SMALL, WEIGHTS),
        "not packed": InPlaceRun(SMALL, WEIGHTS, is_packed=False),
    }


@pytest.fixture(scope="module")
def shared_pages() -> Pages:
    return Pages(SMALL, WEIGHTS, texts=4, pages=8)


@pytest.fixture
def pages(shared_pages: Pages) -> Iterator[Pages]:
    """The pool, compiled once; every test gets it empty, and has to leave it whole."""
    yield shared_pages
    for text in list(shared_pages.lengths):
        shared_pages.remove(text)
    assert shared_pages.free_pages == 8


def test_the_oracle_looks_at_no_word_behind_a_position():
    assert np.allclose(EXPECTED[:9], numpy_model.logits(SMALL, WEIGHTS, TOKENS[:9]))
    changed = numpy_model.logits(SMALL, WEIGHTS, [*TOKENS[:9], TOKENS[9] ^ 1])
    assert not np.allclose(changed[9], EXPECTED[9])


def test_the_oracle_depends_on_order_and_on_every_weight():
    swapped = numpy_model.logits(SMALL, WEIGHTS, [TOKENS[1], TOKENS[0], TOKENS[2]])
    assert not np.allclose(swapped[2], EXPECTED[2], atol=1e-3)
    for name, array in WEIGHTS.items():
        changed = numpy_model.logits(SMALL, {**WEIGHTS, name: array + 0.1}, TOKENS[:4])
        assert not np.allclose(changed, EXPECTED[:4], atol=1e-3), name


def test_pytorch_agrees_with_a_cache_and_without():
    model = Decoder(SMALL)
    model.load_state_dict({name: torch.from_numpy(array) for name, array in WEIGHTS.items()})
    tokens = torch.tensor([TOKENS])
    with torch.no_grad():
        whole = model(tokens)[0].numpy()
        logits, cache = model.step(tokens[:, :5], None)
        for position in range(5, 12):
            logits, cache = model.step(tokens[:, position : position + 1], cache)
            assert agrees(logits[0, 0].numpy(), position)
    assert np.abs(whole - EXPECTED).max() < BOUND


def test_the_same_seed_gives_the_same_first_weights_and_leaves_the_random_state_alone():
    before = torch.random.get_rng_state()
    first, again, other = (initialized(SMALL, seed).state_dict() for seed in (0, 0, 1))
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not torch.equal(first["blocks.0.qkv.weight"], other["blocks.0.qkv.weight"])
    assert torch.equal(torch.random.get_rng_state(), before)
    assert {name: tuple(array.shape) for name, array in first.items()} == SMALL.shapes()


def test_the_imported_decoder_agrees_at_every_position_of_texts_of_any_length():
    imported = import_decoder(exported_decoder(SMALL, WEIGHTS))
    executable = build(imported.module)
    for length in (7, 40):
        found = run_graph(executable, np.array([TOKENS[:length]]), *imported.weights.values())
        assert np.abs(found[0] - EXPECTED[:length]).max() < BOUND


@pytest.mark.parametrize("name", ["growing", "in place", "not packed"])
def test_prefill_agrees_at_every_length(runs, name: str):
    assert [n for n in range(1, 41) if not agrees(runs[name].start(TOKENS[:n]), n - 1)] == []


@pytest.mark.parametrize("name", ["growing", "in place", "not packed"])
@pytest.mark.parametrize("first", [1, 17])
def test_decode_agrees_with_prefill_position_by_position(runs, name: str, first: int):
    run = runs[name]
    run.start(TOKENS[:30])  # a text before must leave nothing behind
    run.start(TOKENS[:first])
    assert [n for n in range(first, 40) if not agrees(run.step(TOKENS[n]), n)] == []


def test_pages_agree_for_texts_that_are_continued_together(pages: Pages):
    assert agrees(pages.add(0, TOKENS[:3]), 2)
    assert agrees(pages.add(5, TOKENS[:14]), 13)
    for n in range(8):
        found = pages.step({5: TOKENS[14 + n], 0: TOKENS[3 + n]})
        assert agrees(found[0], 3 + n)
        assert agrees(found[5], 14 + n)
    assert pages.lengths == {0: 11, 5: 22}


def test_pages_are_counted(pages: Pages):
    assert pages.free_pages == 8
    pages.add(0, TOKENS[: PAGE - 1])
    assert pages.free_pages == 7
    pages.step({0: TOKENS[PAGE - 1]})
    assert pages.free_pages == 7
    pages.step({0: TOKENS[PAGE]})
    assert pages.free_pages == 6
    pages.remove(0)
    assert pages.free_pages == 8


def test_a_fork_copies_one_page_and_the_texts_go_their_own_ways(pages: Pages):
    pages.add(0, TOKENS[:35])
    assert pages.free_pages == 5
    pages.fork(0, 1)
    assert pages.free_pages == 4
    other = (TOKENS[35] + 1) % SMALL.vocab
    found = pages.step({0: TOKENS[35], 1: other})
    assert agrees(found[0], 35)
    changed = numpy_model.logits(SMALL, WEIGHTS, [*TOKENS[:35], other])[35]
    assert np.abs(found[1] - changed).max() < BOUND
    pages.remove(0)  # the shared pages stay for the other text
    assert pages.free_pages == 5
    found = pages.step({1: TOKENS[36]})
    changed = numpy_model.logits(SMALL, WEIGHTS, [*TOKENS[:35], other, TOKENS[36]])[36]
    assert np.abs(found[1] - changed).max() < BOUND


def test_a_fork_at_the_end_of_a_page_copies_nothing(pages: Pages):
    pages.add(0, TOKENS[: 2 * PAGE])
    pages.fork(0, 1)
    assert pages.free_pages == 6
    found = pages.step({0: TOKENS[2 * PAGE], 1: TOKENS[2 * PAGE]})
    assert agrees(found[0], 2 * PAGE)
    assert agrees(found[1], 2 * PAGE)
    assert pages.free_pages == 4


def test_what_the_pool_cannot_hold_is_refused_and_leaves_it_as_it_was(pages: Pages):
    for text in range(4):
        pages.add(text, TOKENS[:17])
    assert pages.free_pages == 0
    for call, said in (
        (lambda: pages.add(9, TOKENS[:2]), "at most 4 texts"),
        (lambda: pages.fork(0, 9), "at most 4 texts"),
        (lambda: pages.fork(7, 9), r"got 7, allowed one of the texts \[0, 1, 2, 3\]"),
        (lambda: pages.step({7: 0}), "got 7"),
        (lambda: pages.remove(7), "got 7"),
        (lambda: pages.step({0: SMALL.vocab}), f"tokens: got {SMALL.vocab}"),
    ):
        with pytest.raises(ValueError, match=said):
            call()
    pages.remove(3)
    pages.remove(2)
    pages.add(2, TOKENS[:32])
    pages.step({0: 1})
    for call, said in (
        (lambda: pages.add(3, TOKENS[:40]), "3 pages needed.*at most 2 free"),
        (lambda: pages.add(3, []), "0 words"),
        (lambda: pages.add(0, TOKENS[:2]), "got 0, allowed a number"),
        (lambda: pages.add(-1, TOKENS[:2]), "got -1, allowed a number"),
    ):
        with pytest.raises(ValueError, match=said):
            call()
    assert pages.lengths == {0: 18, 1: 17, 2: 32}


@pytest.mark.parametrize("name", ["growing", "in place"])
def test_a_text_ends_where_the_model_s_longest_text_ends(runs, name: str):
    run = runs[name]
    longest = [0] * SMALL.length
    for wrong in ([], [*longest, 0]):
        with pytest.raises(ValueError, match=r"tokens: got .* words, allowed 1 to 48"):
            run.start(wrong)
    run.start(longest)
    with pytest.raises(ValueError, match="49 words"):
        run.step(0)


@pytest.mark.parametrize("name", ["growing", "in place"])
def test_no_step_comes_before_a_beginning(runs, name: str):
    run = runs[name]
    run.start(TOKENS[:9])
    with pytest.raises(ValueError, match="tokens: got"):
        run.start([1, -1])  # what was there is gone
    with pytest.raises(ValueError, match="call start first"):
        run.step(TOKENS[0])
    assert agrees(run.start(TOKENS[:6]), 5)


@pytest.mark.parametrize("wrong", [-1, SMALL.vocab, 1.5, True, "a"])
def test_a_number_of_no_word_never_reaches_the_embedding(runs, wrong):
    with pytest.raises(ValueError, match=r"tokens: got .*, allowed 0 … 39"):
        runs["in place"].start([1, wrong])


def test_a_decoder_of_other_sizes_agrees_as_well():
    config = Config(vocab=21, dim=24, layers=2, heads=6, kv_heads=2, head_dim=4, ffn=16, theta=100, length=20)
    weights = numpy_model.random_weights(config, 4)
    tokens = [token % 21 for token in TOKENS[:10]]
    expected = numpy_model.logits(config, weights, tokens)
    run = InPlaceRun(config, weights)
    assert np.abs(run.start(tokens[:6]) - expected[5]).max() < BOUND
    assert np.abs(run.step(tokens[6]) - expected[6]).max() < BOUND

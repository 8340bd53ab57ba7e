"""Tokens are drawn as the recipe says, from a stream of each row's own."""

import importlib

import pytest

from labeling.generation.recipe import Recipe

torch = pytest.importorskip("torch")
sampling = importlib.import_module("labeling.generation.backends.sampling")

pytestmark = [pytest.mark.local_model, pytest.mark.once]
WORDS = 6
SCORES = torch.tensor([2.0, 1.0, 0.5, 0.0, -1.0, -3.0])


def drawn(recipe, *, seeds, steps=1, scores=SCORES):
    """Return the tokens drawn, (steps, rows)."""
    draw = sampling.DrawPerRow(seeds, recipe)
    rows = scores.expand(len(seeds), -1)
    return torch.stack([draw(None, rows).argmax(dim=-1) for _ in range(steps)])


def chi_square(counts, shares):
    expected = shares * counts.sum()
    return float(((counts - expected) ** 2 / expected)[expected > 0].sum())


@pytest.mark.parametrize("temperature", [0.5, 1.0, 1.7])
def test_tokens_come_as_often_as_the_model_says(temperature):
    recipe = Recipe(temperature=temperature, top_p=1.0)

    found = drawn(recipe, seeds=range(200), steps=200)

    counts = torch.bincount(found.flatten(), minlength=WORDS).double()
    shares = torch.softmax(SCORES.double() / temperature, dim=-1)
    assert chi_square(counts, shares) < 20.5  # 5 degrees of freedom: one in a thousand


def test_top_k_and_top_p_keep_the_likeliest():
    assert set(drawn(Recipe(top_p=1, top_k=2), seeds=range(300)).flatten().tolist()) == {0, 1}
    # The first two words have 0.77 of the probability, the third brings 0.12.
    recipe = Recipe(temperature=1, top_p=0.85)
    assert set(drawn(recipe, seeds=range(300)).flatten().tolist()) == {0, 1, 2}


def test_top_p_counts_what_top_k_kept():
    scores = torch.zeros(WORDS)

    found = drawn(Recipe(temperature=1, top_k=4, top_p=0.5), seeds=range(300), scores=scores)

    assert len(set(found.flatten().tolist())) >= 2


def test_rows_draw_the_same_whoever_stands_beside_them():
    together = drawn(Recipe(), seeds=range(50), steps=20)

    alone = torch.cat([drawn(Recipe(), seeds=[seed], steps=20) for seed in range(50)], dim=1)

    assert torch.equal(together, alone)


def test_neighbouring_seeds_and_steps_are_unlike():
    scores = torch.zeros(1000)

    found = drawn(Recipe(temperature=1, top_p=1), seeds=range(100), steps=50, scores=scores)

    # Of 5,000 draws from 1,000 words as good as all words come, and neighbours rarely agree.
    assert len(found.unique()) > 980
    assert (found[1:] == found[:-1]).double().mean() < 0.005
    assert (found[:, 1:] == found[:, :-1]).double().mean() < 0.005


def test_large_seeds_are_as_good_as_small_ones():
    found = drawn(Recipe(), seeds=[2**31 - 1, 2**62, 0], steps=30)

    assert found.shape == (30, 3)
    assert not torch.equal(found[:, 0], found[:, 1])

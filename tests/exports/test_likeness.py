"""How alike texts are, and the keys by which alike texts find one another."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.likeness import BANDS, keys_of, likeness, marks_of

LONG = "Explain in a few sentences how photosynthesis turns light into sugar, and why it matters."


def alike(one: str, other: str) -> float:
    return likeness(marks_of(one), marks_of(other))


@given(st.text(max_size=60))
def test_every_text_has_marks_and_is_like_itself(text):
    assert len(marks_of(text))
    assert alike(text, text) == 1
    assert len(keys_of(marks_of(text))) == BANDS


@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_is_the_same_both_ways_and_a_share(one, other):
    assert alike(one, other) == alike(other, one)
    assert 0 <= alike(one, other) <= 1


@pytest.mark.parametrize(
    "other",
    [
        LONG.upper(),
        f"  {LONG}\n",
        LONG.replace(",", " –"),
        LONG.replace("how", "ho\N{FULLWIDTH LATIN SMALL LETTER W}"),
    ],
)
def test_case_blanks_and_punctuation_make_no_difference(other):
    assert alike(LONG, other) == 1
    assert keys_of(marks_of(LONG)) == keys_of(marks_of(other))


def test_likeness_says_how_much_is_the_same():
    assert alike(LONG, f"{LONG} Thanks!") > 0.9
    assert 0.7 < alike(LONG, LONG.replace("few", "couple of")) < 0.9
    assert alike(LONG, "Write a poem about the sea in winter, please.") < 0.1
    assert 0.7 < alike("番茄和黄瓜怎么做汤", "番茄和黄瓜怎么做汤呢") < 0.9


def test_texts_without_letters_are_told_apart():
    assert alike("???", "!!!") == 0
    assert alike("👩‍👩‍👧", "🇪🇺") == 0


def test_marks_never_change_between_versions():
    """These were written down once; a change would move prompts between groups."""
    assert [int(one) for one in marks_of("Why?")] == [9093827902573984808]
    assert keys_of(marks_of("Why?"))[:2] == (-3685735558623167377, -5316966268309649141)


def test_alike_texts_share_a_key_and_others_hardly_ever():
    words = np.random.default_rng(1)
    texts = [" ".join(f"word{n}" for n in words.integers(0, 5000, 40)) for _ in range(300)]
    near = [text.replace(text.split()[20], "other") for text in texts]
    pairs = [(keys_of(marks_of(a)), keys_of(marks_of(b))) for a, b in zip(texts, near, strict=True)]
    strangers = zip((a for a, _ in pairs), (b for _, b in pairs[1:]), strict=False)

    assert sum(bool(set(a) & set(b)) for a, b in pairs) >= 297
    assert sum(bool(set(a) & set(b)) for a, b in strangers) <= 15

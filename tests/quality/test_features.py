"""Features of responses: found where they are, left out where nobody could tell."""

import pytest

from labeling.quality.features import ENOUGH, FEATURES, count_features, is_latin, leanings

PLAIN = "Water boils at 100 degrees at sea level, and at less on a mountain."


@pytest.mark.parametrize(
    ("feature", "more", "less"),
    [
        ("length", PLAIN * 2, PLAIN),
        ("lists", "- one\n- two", "one and two, "),
        ("lists", "1. one\n2) two", "- one, two, "),
        ("hedging", "It might perhaps be so.", "It certainly must be so."),
        ("directness", "Paris.", "Sure! The answer is Paris."),
        ("examples", "Fruit, for example apples.", "Fruit, all of the apples."),
        ("flattery", "Great question! It is blue.", "Blue, by the look of it now"),
        ("refusal", "I'm sorry, but I can't help.", "Yes: turn it to the left now"),
    ],
)
def test_the_text_with_more_of_a_feature_is_told(feature: str, more: str, less: str) -> None:
    assert leanings(more, less)[feature] is True
    assert leanings(less, more)[feature] is False


def test_texts_that_do_not_differ_lean_nowhere() -> None:
    assert leanings(PLAIN, PLAIN) == {}


def test_a_length_that_nobody_would_notice_is_left_out() -> None:
    assert "length" not in leanings("x" * 100, "x" * 91)
    assert leanings("x" * 100, "x" * 89)["length"] is True


def test_wording_is_not_counted_in_another_script() -> None:
    arabic = "\u0645\u0631\u062d\u0628\u0627 " * 5
    assert not is_latin(arabic)
    assert set(leanings("Great question!", arabic)) <= {"length", "lists"}


def test_counts_say_in_how_many_pairs_there_was_more() -> None:
    choices = [(PLAIN * 2, PLAIN)] * 7 + [(PLAIN, PLAIN * 2)] * 3 + [(PLAIN, PLAIN)] * 5
    length, *others = count_features(choices)

    assert (length.chosen, length.pairs, length.percent) == (7, 10, 70)
    assert length.says_something == (ENOUGH <= 10)
    assert [other.pairs for other in others] == [0] * (len(FEATURES) - 1)
    assert not any(other.says_something for other in others)

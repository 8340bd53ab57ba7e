"""A prompt's split depends on its group alone, and holds while the data and the shares grow."""

from hypothesis import given
from hypothesis import strategies as st

from exports.messages import root_of
from exports.splits import TEST, TRAIN, VALIDATION, place_of, split_at
from tests.exports.made import turns

TEXTS = st.text(max_size=40)
PLACES = [0.021058, 0.048169, 0.656753]


def test_places_never_move_between_versions():
    """These were written down once; a change would move rows that trainers hold out."""
    assert [round(place_of(text), 6) for text in ("", "Why?", "番茄")] == PLACES


@given(TEXTS, st.floats(0, 0.25), st.floats(0, 0.25))
def test_what_is_held_out_stays_so_when_its_share_grows(text, validation, test):
    place = place_of(text)
    split = split_at(place, validation, test)

    if split != TRAIN:
        assert split_at(place, validation + 0.2, test + 0.2) == split


def test_shares_are_kept_over_many_groups():
    splits = [split_at(place_of(f"Question {n}"), 0.1, 0.2) for n in range(5_000)]

    assert abs(splits.count(VALIDATION) / 5_000 - 0.1) < 0.02
    assert abs(splits.count(TEST) / 5_000 - 0.2) < 0.02


def test_no_share_holds_nothing_out():
    assert {split_at(place_of(str(n)), 0.0, 0.0) for n in range(1_000)} == {TRAIN}


def test_continuations_share_the_root_of_their_conversation():
    asked = turns("user", content=" Why? ")
    later = turns("assistant", "user")

    assert root_of(asked) == root_of((*asked, *later)) == "Why?"
    assert root_of((*turns("system"), *asked)) == "Why?"

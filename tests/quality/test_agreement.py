"""How often two people who judged the same comparison say the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeling.quality.agreement import NOT_DEFINED, Agreement, raw_agreement
from labeling.quality.consensus import Ballot

FIRST, SECOND = Ballot((1, 2)), Ballot((2, 1))
TIE, BOTH_BAD = Ballot((1, 1)), Ballot(None)


@pytest.mark.parametrize(
    "comparisons", [[], [([], 2)], [([FIRST], 2), ([SECOND], 2)]], ids=["none", "empty", "single"]
)
def test_agreement_is_not_defined_without_two_answers(comparisons):
    found = raw_agreement(comparisons)

    assert found == Agreement(None, 0, 0)
    assert found.reason == NOT_DEFINED


def test_agreement_counts_the_people_who_say_the_same():
    found = raw_agreement([([FIRST, FIRST, SECOND], 2), ([TIE, TIE], 2), ([TIE, BOTH_BAD], 2)])

    assert found == Agreement((1 + 1 + 0) / (3 + 1 + 1), 3, 5)
    assert found.reason == ""


def test_agreement_of_rankings_looks_at_every_pair_of_responses():
    found = raw_agreement([([Ballot((1, 2, 3)), Ballot((1, 3, 2))], 3)])

    assert found == Agreement(2 / 3, 1, 3)


@given(st.lists(st.sampled_from([FIRST, SECOND, TIE, BOTH_BAD]), min_size=2, max_size=8))
def test_agreement_is_the_share_of_equal_pairs_of_people(ballots):
    verdicts = [ballot.verdict(0, 1) for ballot in ballots]
    pairs = [(a, b) for at, a in enumerate(verdicts) for b in verdicts[at + 1 :]]

    found = raw_agreement([(ballots, 2)])

    assert found.value == sum(a == b for a, b in pairs) / len(pairs)

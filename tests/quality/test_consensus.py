"""What a comparison's answers say together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeling.quality.consensus import (
    Ballot,
    Preference,
    Verdict,
    count_pair,
    majority,
    preferences,
)

FIRST, SECOND = Ballot((1, 2)), Ballot((2, 1))
TIE, BOTH_BAD = Ballot((1, 1)), Ballot(None)
pairwise = st.sampled_from([FIRST, SECOND, TIE, BOTH_BAD])
strengths = st.one_of(st.none(), st.integers(1, 4))


def ballots_for(slots: int) -> st.SearchStrategy[list[Ballot]]:
    ranks = st.tuples(*[st.integers(1, slots)] * slots)
    ranked = st.builds(Ballot, ranks, strengths)
    return st.lists(st.one_of(ranked, st.just(BOTH_BAD)), max_size=7)


several = st.integers(2, 5).flatmap(lambda n: st.tuples(ballots_for(n), st.just(n)))


@pytest.mark.parametrize(
    ("ballot", "verdict"),
    [
        (FIRST, Verdict.FIRST),
        (SECOND, Verdict.SECOND),
        (TIE, Verdict.LEVEL),
        (BOTH_BAD, Verdict.BOTH_BAD),
    ],
)
def test_verdict_reads_the_lower_rank_as_better(ballot, verdict):
    assert ballot.verdict(0, 1) == verdict


def test_majority_is_won_by_more_than_half():
    (found,) = preferences([FIRST, SECOND, FIRST], 2)

    assert (found.winner, found.loser, found.n_votes, found.agreement) == (0, 1, 3, 2 / 3)


@pytest.mark.parametrize(
    "ballots",
    [
        [],
        [TIE],
        [BOTH_BAD, BOTH_BAD, BOTH_BAD],
        [FIRST, SECOND],
        [FIRST, TIE],
        [FIRST, BOTH_BAD],
        [FIRST, FIRST, SECOND, TIE],
        [FIRST, TIE, BOTH_BAD],
    ],
)
def test_majority_is_missed_at_half_or_less(ballots):
    assert preferences(ballots, 2) == []


def test_strength_is_the_signed_mean_of_what_was_stated():
    ballots = [Ballot((2, 1), 4), Ballot((2, 1), 1), Ballot((1, 2), 2), Ballot((2, 1)), TIE]

    (found,) = preferences(ballots, 2)

    assert found == Preference(1, 0, n_votes=5, agreement=0.6, strength=0.75, strength_votes=3)


def test_strength_is_zero_with_no_votes_when_nobody_stated_one():
    (found,) = preferences([FIRST, FIRST, TIE], 2)

    assert (found.strength, found.strength_votes) == (0.0, 0)


def test_preferences_of_a_ranking_are_one_a_pair_of_slots():
    found = preferences([Ballot((2, 1, 2)), Ballot((3, 1, 2))], 3)

    assert [(p.winner, p.loser) for p in found] == [(1, 0), (1, 2)]


def test_preferences_refuse_an_answer_of_another_size():
    with pytest.raises(ValueError, match="ranks 2 of 3"):
        preferences([FIRST], 3)


@given(several)
def test_majority_never_depends_on_the_order_of_the_answers(case):
    ballots, slots = case

    assert preferences(ballots[::-1], slots) == preferences(ballots, slots)


@given(several)
def test_majority_follows_the_responses_when_slots_change_places(case):
    ballots, slots = case
    mirrored = [Ballot(b.ranks and b.ranks[::-1], b.strength) for b in ballots]

    there = {(p.winner, p.loser): p for p in preferences(ballots, slots)}
    back = {(slots - 1 - p.winner, slots - 1 - p.loser): p for p in preferences(mirrored, slots)}

    assert there.keys() == back.keys()
    assert all(there[key].strength == back[key].strength for key in there)


@given(several)
def test_majority_outweighs_everything_else_together(case):
    ballots, slots = case

    for found in preferences(ballots, slots):
        won = sum(b.ranks is not None and b.ranks[found.winner] < b.ranks[found.loser]
                  for b in ballots)  # fmt: skip
        assert won > len(ballots) - won
        assert found.agreement == won / len(ballots)
        assert found.n_votes == len(ballots)
        assert -4 <= found.strength <= 4


@given(st.lists(pairwise, max_size=9))
def test_votes_are_all_counted_once(ballots):
    votes = count_pair(ballots, 0, 1)

    assert votes.total == len(ballots)


@given(st.lists(st.sampled_from([TIE, BOTH_BAD]), max_size=5), st.lists(pairwise, max_size=5))
def test_a_tie_or_both_bad_never_makes_a_pair(undecided, ballots):
    if majority(count_pair(ballots, 0, 1)) is None:
        assert majority(count_pair(ballots + undecided, 0, 1)) is None

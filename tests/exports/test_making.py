"""Judged comparisons become pairs, single responses, rankings and demonstrations."""

from exports.judged import Ideal
from exports.making import demonstrations_of, pairs_of, ranking_of, singles_of
from exports.pairing import decide
from exports.records import EDITED, Response
from exports.selection import Selection
from tests.exports.made import BAD, GOOD, answer, judged, replace

THIRD = Response(9, "Perhaps.", "")


def pairs(one, **choices):
    selection = Selection(**choices)
    found = decide(one.ballots, len(one.responses), selection)
    return list(pairs_of(one, found, selection))


def singles(*comparisons, **choices):
    selection = Selection(**choices)
    decided = [(one, decide(one.ballots, len(one.responses), selection)) for one in comparisons]
    return {one.response.text: one for one in singles_of(decided, selection)}


def test_pair_names_all_it_rests_on():
    (pair,) = pairs(judged((1, 2), (1, 2), (2, 1), first=11))

    assert (pair.chosen, pair.rejected) == (GOOD, BAD)
    assert pair.vote.pair_id == "5-0-1"
    assert pair.vote.judgment_ids == (11, 12, 13)
    assert (pair.vote.n_votes, pair.vote.agreement) == (3, 2 / 3)


def test_pair_keeps_its_name_when_the_outcome_turns():
    (before,), (after,) = pairs(judged((1, 2))), pairs(judged((2, 1)))

    assert before.chosen == after.rejected
    assert before.vote.pair_id == after.vote.pair_id


def test_raw_pairs_are_named_by_their_judgment_and_rest_on_it_alone():
    found = pairs(judged((1, 2), (2, 1), first=11), policy="raw")

    assert [pair.vote.pair_id for pair in found] == ["5-0-1-11", "5-0-1-12"]
    assert [pair.vote.judgment_ids for pair in found] == [(11,), (12,)]


def test_ai_answers_count_as_votes_and_are_no_judgment_of_a_person():
    both = judged((1, 2), (1, 2))
    ai = answer((1, 2), 0, annotator="", source="ai")
    (pair,) = pairs(replace(both, answers=(both.answers[0], ai), n_ai=1))

    assert (pair.vote.n_votes, pair.vote.n_ai_votes) == (2, 1)
    assert pair.vote.judgment_ids == (1,)


def test_edit_is_preferred_to_what_was_edited_where_asked_for():
    edited = judged((1, 2), ideals=(Ideal(0, "Because so.", 4, 11, "ab12"),))

    assert len(pairs(edited)) == 1
    chosen, edit = pairs(edited, edits="pairs")
    assert (edit.chosen.text, edit.rejected) == ("Because so.", GOOD)
    assert (edit.vote.origin, edit.vote.pair_id) == (EDITED, "5-0-edit-11")
    assert chosen.chosen == edit.rejected  # edited, chosen, rejected, in this order


def test_demonstration_is_the_edit_and_says_whose_it_is():
    (shown,) = demonstrations_of(judged((1, 2), ideals=(Ideal(1, "Well.", 2, 11, "ab12"),)))

    assert (shown.text, shown.edited_from) == ("Well.", BAD)
    assert (shown.judgment_id, shown.annotator, shown.comparison_id) == (11, "ab12", 5)


def test_blank_edit_shows_nothing():
    assert list(demonstrations_of(judged((1, 2), ideals=(Ideal(1, " ", 0, 11, "ab12"),)))) == []


def test_single_responses_are_desirable_when_preferred_more_often_than_not():
    three = judged((1, 2, 3), responses=(GOOD, THIRD, BAD))
    found = singles(three)

    assert {text: one.is_desirable for text, one in found.items()} == {
        "Because.": True,
        "No.": False,
    }
    assert (found["Because."].wins, found["Because."].losses) == (2, 0)


def test_single_responses_are_weighed_over_all_comparisons_of_their_prompt():
    one = judged((1, 2), responses=(GOOD, BAD))
    other = judged((1, 2), responses=(THIRD, replace(GOOD, text=" Because. ")), first=21)
    found = singles(one, other)

    assert {text: single.is_desirable for text, single in found.items()} == {
        "No.": False,
        "Perhaps.": True,
    }


def test_all_bad_makes_both_undesirable_only_where_asked_for():
    bad = judged(None, None, (1, 2))

    assert singles(bad) == {}
    found = singles(bad, both_bad="negative")
    assert [(one.is_desirable, one.bad) for one in found.values()] == [(False, 1)] * 2
    assert found["No."].judgment_ids == (1, 2, 3)


def test_all_bad_needs_votes_enough_as_well():
    assert singles(judged(None), both_bad="negative", min_votes=2) == {}


def test_ranking_holds_every_answer_and_the_order_of_all():
    ranking = ranking_of(judged((1, 2, 3), (1, 3, 2), responses=(GOOD, THIRD, BAD)))

    assert ranking is not None
    assert ranking.ranks == (1, 2, 2)
    assert [one.ranks for one in ranking.answers] == [(1, 2, 3), (1, 3, 2)]


def test_ranking_that_nobody_could_read_is_left_out():
    assert ranking_of(judged((1, 2), responses=(GOOD, replace(BAD, text="\ud83d")))) is None

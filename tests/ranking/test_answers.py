"""Answers are checked against what is asked, and mapped from the screen to slots."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeling.ranking.answers import (
    Answer,
    AnswerInvalid,
    Ideal,
    Question,
    check_answer,
    criteria_as_shown,
    criteria_by_slot,
    ranks_as_shown,
    ranks_by_slot,
    tiers_up_to,
)

PAIR = Question(
    size=2, criteria=(), tie_allowed=True, neither_allowed=True, rationale_required=False
)
STRICT = Question(
    size=3, criteria=(), tie_allowed=False, neither_allowed=False, rationale_required=True
)
JUDGED = Question(
    size=2, criteria=("helpful",), tie_allowed=True, neither_allowed=True, rationale_required=False
)

REASONED = Question(
    size=2,
    criteria=(),
    tie_allowed=True,
    neither_allowed=True,
    rationale_required=True,
    reason_tags=("false", "too long"),
)
THREE = replace(STRICT, tie_allowed=True, neither_allowed=True, rationale_required=False)
LENGTHY = replace(REASONED, rationale_min=5)
EDITED = replace(PAIR, ideal_asked=True, ideal_required=True)
TIE: dict[str, Any] = {"outcome": "tie"}
ORDER: dict[str, Any] = {"outcome": "ranked", "ranks": (1, 2, 3)}

REFUSED = [
    (REASONED, {**TIE}, "rationale"),
    (REASONED, {**TIE, "reason_tags": ("rude",)}, "reason_tags"),
    (LENGTHY, {**TIE, "rationale": " why ", "reason_tags": ("false",)}, "rationale"),
    (PAIR, {**TIE, "ideal": Ideal("A", "Better.")}, "ideal"),
    (EDITED, {**TIE}, "ideal"),
    (EDITED, {**TIE, "ideal": Ideal("A", " \n")}, "ideal"),
    (EDITED, {**TIE, "ideal": Ideal("C", "Better.")}, "ideal"),
    (EDITED, {**TIE, "ideal": Ideal("", "Better.")}, "ideal"),
    (EDITED, {**TIE, "ideal": Ideal("AB", "Better.")}, "ideal"),
    (EDITED, {**TIE, "ideal": Ideal("A", "x" * 200_001)}, "ideal"),
    (PAIR, {"outcome": "skipped"}, "outcome"),
    (PAIR, {"outcome": "better"}, "outcome"),
    (PAIR, {"outcome": "ranked"}, "ranks"),
    (PAIR, {"outcome": "ranked", "ranks": (1, 2, 3)}, "ranks"),
    (PAIR, {"outcome": "ranked", "ranks": (0, 1)}, "ranks"),
    (PAIR, {"outcome": "ranked", "ranks": (1, 3)}, "ranks"),
    (PAIR, {"outcome": "ranked", "ranks": (1, 1)}, "ranks"),
    (PAIR, {"outcome": "tie", "ranks": (1, 2)}, "ranks"),
    (PAIR, {"outcome": "ranked", "ranks": (1, 2), "strength": 5}, "strength"),
    (PAIR, {"outcome": "ranked", "ranks": (1, 2), "strength": 0}, "strength"),
    (PAIR, {"outcome": "tie", "strength": 2}, "strength"),
    (PAIR, {"outcome": "tie", "criteria": {"helpful": "A"}}, "criteria"),
    (PAIR, {"outcome": "tie", "flags": ("boring",)}, "flags"),
    (PAIR, {"outcome": "tie", "rationale": "x" * 10_001}, "rationale"),
    (STRICT, {"outcome": "tie", "rationale": "why"}, "outcome"),
    (STRICT, {"outcome": "both_bad", "rationale": "why"}, "outcome"),
    (STRICT, {"outcome": "ranked", "ranks": (1, 1, 2), "rationale": "why"}, "ranks"),
    (STRICT, {"outcome": "ranked", "ranks": (1, 2, 3), "rationale": " "}, "rationale"),
    (STRICT, {"outcome": "ranked", "ranks": (1, 2, 3), "strength": 2}, "strength"),
    (JUDGED, {"outcome": "tie"}, "criteria"),
    (PAIR, {**TIE, "acceptable_to": 1}, "acceptable_to"),
    (STRICT, {**ORDER, "rationale": "why", "acceptable_to": 1}, "acceptable_to"),
    (THREE, {"outcome": "both_bad", "acceptable_to": 0}, "acceptable_to"),
    (THREE, {**ORDER, "acceptable_to": 4}, "acceptable_to"),
    (THREE, {**ORDER, "acceptable_to": -1}, "acceptable_to"),
    (JUDGED, {"outcome": "tie", "criteria": {"helpful": "C"}}, "criteria"),
]


@pytest.mark.parametrize(("question", "fields", "where"), REFUSED)
def test_check_answer_refuses_and_names_the_part(question, fields, where) -> None:
    with pytest.raises(AnswerInvalid) as refusal:
        check_answer(Answer(token=uuid4(), **fields), question)

    assert list(refusal.value.data["fields"]) == [where]


@pytest.mark.parametrize(
    ("question", "fields"),
    [
        (PAIR, {"outcome": "ranked", "ranks": (2, 1), "strength": 4}),
        (PAIR, {"outcome": "tie"}),
        (PAIR, {"outcome": "both_bad", "flags": ("unsafe",)}),
        (STRICT, {"outcome": "ranked", "ranks": (3, 1, 2), "rationale": "clearer"}),
        (JUDGED, {"outcome": "tie", "criteria": {"helpful": "same"}}),
        (REASONED, {**TIE, "rationale": "so"}),
        (REASONED, {**TIE, "reason_tags": ("too long", "false")}),
        (LENGTHY, {**TIE, "rationale": "12345"}),
        (EDITED, {**TIE, "ideal": Ideal("B", "Better.")}),
        (THREE, {**ORDER, "acceptable_to": 0}),
        (THREE, {**TIE, "acceptable_to": 3}),
    ],
)
def test_check_answer_lets_fitting_answers_through(question, fields) -> None:
    check_answer(Answer(token=uuid4(), **fields), question)


def test_body_names_what_came_later_to_the_product_only_where_it_is_given() -> None:
    token = UUID(int=0)
    plain = Answer(token=token, outcome="tie").as_body()
    full = Answer(
        token=token,
        outcome="tie",
        reason_tags=("false",),
        ideal=Ideal("A", "x"),
        guideline_version=2,
        acceptable_to=0,
    ).as_body()

    later = {"reason_tags", "ideal", "guideline_version", "acceptable_to"}
    assert set(full) - set(plain) == later


@st.composite
def rankings(draw: st.DrawFn) -> tuple[list[int], list[int]]:
    size = draw(st.integers(2, 9))
    ranks = draw(st.lists(st.integers(1, size), min_size=size, max_size=size))
    return ranks, draw(st.permutations(range(size)))


@given(rankings())
def test_ranks_by_slot_keep_every_relation_that_was_shown(drawn) -> None:
    ranks, order = drawn

    stored = ranks_by_slot(ranks, order)

    for one, slot in enumerate(order):
        for other, second in enumerate(order):
            assert (ranks[one] < ranks[other]) == (stored[slot] < stored[second])
    assert set(stored) == set(range(1, len(set(ranks)) + 1))
    assert ranks_by_slot(ranks_as_shown(stored, order), order) == stored


@pytest.mark.parametrize(
    ("ranks", "last", "tiers"),
    [
        ((1, 2, 3), None, None),
        ((1, 2, 3), 0, 0),
        ((1, 2, 3), 2, 2),
        ((1, 4, 4), 3, 1),
        ((2, 5, 5), 1, 0),
        ((2, 5, 5), 5, 2),
    ],
)
def test_last_acceptable_rank_follows_when_gaps_are_closed(ranks, last, tiers) -> None:
    assert tiers_up_to(ranks, last) == tiers


def test_criteria_by_slot_follow_the_display_order() -> None:
    given = {"helpful": "A", "honest": "same", "harmless": "B"}

    stored = criteria_by_slot(given, [1, 0])

    assert stored == {"helpful": 1, "honest": None, "harmless": 0}
    assert criteria_as_shown(stored, [1, 0]) == given

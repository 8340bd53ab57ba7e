"""The sequential test decides as the plain one would, never later, and its chances are exact."""

from itertools import product
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeling.training.rules import LEAST_MARK, MOST_MARK
from labeling.training.sequential import BOUND, Result, SequentialTest, fixed_course

SHORTEST = 9
agreements = st.floats(0.02, 0.98)


@st.composite
def any_test(draw: st.DrawFn, most: int = 40) -> SequentialTest:
    asked = draw(st.integers(1, most))
    return SequentialTest(
        draw(st.integers(LEAST_MARK, MOST_MARK)), draw(st.integers(1, asked)), asked
    )


def plain_result(test: SequentialTest, answers: list[bool]) -> tuple[Result, int]:
    """Return the result, and after how many answers, of Wald's bounds with the mark at the end."""
    agreed = 0
    for number, agrees in enumerate(answers, start=1):
        agreed += agrees
        weight = test.weight(agreed, number - agreed)
        if number == test.most:
            break
        if number >= test.fewest and abs(weight) >= BOUND:
            return (Result.PASSED if weight > 0 else Result.FAILED), number
    return (Result.PASSED if agreed >= test.needed else Result.FAILED), test.most


def ended_after(test: SequentialTest, answers: list[bool]) -> int:
    return next(n for n in range(len(answers) + 1) if test.result_of(answers[:n]) is not None)


@given(st.data())
def test_whatever_people_answer_the_result_is_that_of_the_plain_test_and_comes_no_later(data):
    test = data.draw(any_test())
    answers = data.draw(st.lists(st.booleans(), min_size=test.most, max_size=test.most))

    result, after = plain_result(test, answers)

    assert test.result_of(answers) == result
    assert ended_after(test, answers) <= after


@given(any_test())
def test_while_it_goes_on_both_results_can_still_come(test: SequentialTest):
    open_places = [
        (agreed, number - agreed)
        for number in range(test.most)
        for agreed in range(number + 1)
        if test.result(agreed, number - agreed) is None
    ]
    for place in open_places:
        assert ends_from(test, *place) == set(Result)


def ends_from(test: SequentialTest, agreed: int, missed: int) -> set[Result]:
    """Return the results that can be reached from a place."""
    waiting, seen, found = [(agreed, missed)], set(), set()
    while waiting:
        place = waiting.pop()
        result = test.result(*place)
        if result is not None:
            found.add(result)
        elif place not in seen:
            seen.add(place)
            waiting += [(place[0] + 1, place[1]), (place[0], place[1] + 1)]
    return found


@given(any_test(most=SHORTEST), agreements)
def test_chances_are_those_of_counting_every_course(test: SequentialTest, agreement: float):
    passes = items = 0.0
    for answers in product([True, False], repeat=test.most):
        chance = agreement ** sum(answers) * (1 - agreement) ** (test.most - sum(answers))
        passes += chance * (test.result_of(answers) == Result.PASSED)
        items += chance * ended_after(test, list(answers))

    course = test.course(agreement)

    assert isclose(course.passes, passes, abs_tol=1e-9)
    assert isclose(course.items, items, abs_tol=1e-9)


@given(any_test(), agreements, agreements)
def test_whoever_agrees_more_often_passes_more_often(
    test: SequentialTest, one: float, other: float
):
    low, high = sorted((one, other))

    assert test.course(low).passes <= test.course(high).passes + 1e-9
    assert test.course(low).items <= test.most + 1e-9


@given(any_test())
def test_unfit_and_fit_people_lie_on_both_sides_of_the_mark(test: SequentialTest):
    assert 0.49 < test.unfit < test.pass_percent / 100 < test.fit < 1


def test_another_answer_in_agreement_never_turns_a_pass_into_a_failure():
    test = SequentialTest(80, 8, 20)
    for agreed, missed in product(range(21), repeat=2):
        if agreed + missed < 20 and test.result(agreed, missed) == Result.PASSED:
            assert test.result(agreed + 1, missed) == Result.PASSED


@pytest.mark.parametrize(
    ("answers", "result", "after"),
    [
        ([True] * 20, Result.PASSED, 12),
        ([False] * 20, Result.FAILED, 4),
        ([True, True, True, True, False, False, False, False] * 3, Result.FAILED, 8),
    ],
)
def test_the_usual_terms_end_early(answers: list[bool], result: Result, after: int):
    test = SequentialTest(80, 8, 20)

    assert (test.result_of(answers), ended_after(test, answers)) == (result, after)


def test_the_usual_terms_pass_whom_a_fixed_test_passes_with_fewer_items():
    test = SequentialTest(80, 8, 20)
    for agreement in (0.6, 0.7, 0.8, 0.9, 0.95):
        course, fixed = test.course(agreement), fixed_course(test, agreement)
        assert abs(course.passes - fixed.passes) < 0.01
        assert course.items < 17 < fixed.items

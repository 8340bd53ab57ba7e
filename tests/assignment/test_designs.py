"""Which candidates are compared: complete, without repeats, the same every time."""

from itertools import chain, combinations

from hypothesis import given
from hypothesis import strategies as st

from labeling.assignment.designs import candidate_key, candidate_sets, queue_position

ids = st.sets(st.integers(1, 10_000), min_size=2, max_size=30).map(sorted)


@given(ids)
def test_candidate_sets_of_pairs_hold_every_pair_once(members: list[int]) -> None:
    assert candidate_sets(members, size=2, seed=1) == list(combinations(members, 2))


@given(ids, st.integers(3, 9))
def test_candidate_sets_cover_every_candidate(members: list[int], size: int) -> None:
    sets = candidate_sets(members, size=size, seed=1)

    assert set(chain.from_iterable(sets)) == set(members)
    assert all(len(set(found)) == min(size, len(members)) for found in sets)


def test_candidate_sets_of_one_candidate_are_none() -> None:
    assert candidate_sets([5, 5], size=2, seed=1) == []


def test_candidate_key_does_not_depend_on_the_order() -> None:
    assert candidate_key([3, 1, 2]) == candidate_key([1, 2, 3])
    assert candidate_key([1, 23]) != candidate_key([12, 3])


def test_queue_position_fits_a_database_integer_and_depends_on_the_seed() -> None:
    places = {queue_position(candidate_key([n, n + 1]), seed=9) for n in range(1_000)}

    assert len(places) == 1_000
    assert 0 <= min(places) <= max(places) < 2**62
    assert queue_position("a", seed=1) != queue_position("a", seed=2)

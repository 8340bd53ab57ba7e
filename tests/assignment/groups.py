"""Groups of candidates by many models, and designs of every kind, for the tests of pairs."""

import math
from collections.abc import Iterable, Sequence
from statistics import NormalDist

from hypothesis import strategies as st

from labeling.assignment.designs import Chosen, Design, choose_pairs
from labeling.assignment.enums import Drawn, PairDesign

GROUPS = 2_000
SURE = NormalDist().inv_cdf(1 - 1e-5)  # what a true claim misses once in 50,000 draws
MODELS = ("base", "base", "strong", "weak", "weak", "odd", "strong", "base", "new")
ids = st.sets(st.integers(1, 10_000), min_size=2, max_size=12).map(sorted)
percents = st.integers(15, 100)
designs = st.builds(
    Design,
    name=st.sampled_from(PairDesign),
    budget=st.none() | st.integers(1, 36),
    random_percent=percents,
    anchor_model=st.sampled_from(("base", "absent")),
    model_weights=st.dictionaries(st.sampled_from(MODELS), st.integers(0, 9)),
)


def named(members: Sequence[int], models: Sequence[str] = MODELS) -> dict[int, str]:
    """Return the model of each candidate, the models taken in turn."""
    return {member: models[at % len(models)] for at, member in enumerate(members)}


def pairs(chosen: Iterable[Chosen], drawn: Drawn | None = None) -> list[tuple[int, ...]]:
    """Return what was chosen, or of that what was ``drawn`` so."""
    return [each.members for each in chosen if drawn in (None, each.drawn)]


def planned(design: Design, size: int, groups: int = GROUPS) -> list[list[Chosen]]:
    """Plan many groups of the same make-up, each with candidates of its own."""
    return [
        choose_pairs(named(range(start, start + size)), design, seed=7)
        for start in range(0, groups * size, size)
    ]


def within(successes: int, tries: float, chance: float) -> bool:
    """Tell whether a count is inside the binomial interval around its expectation."""
    return abs(successes - tries * chance) <= SURE * math.sqrt(tries * chance * (1 - chance)) + 1

"""Which candidates of a group are compared with one another, and which of that at random.

A pair has one chance to be a random one: when the first group that holds both its candidates is
planned. The draw is seeded, the same for every pair and knows no models, so the random pairs of a
group are a uniform sample of all its pairs, whatever the design does beside them.
"""

import hashlib
import math
import random
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise

from labeling.assignment.enums import Drawn, PairDesign
from labeling.assignment.rules import LEAST_RANDOM

Pair = tuple[int, int]


@dataclass(frozen=True)
class Design:
    """How a campaign makes pairs; ``budget`` is the most that a group gives.

    ``anchor_model`` and ``model_weights`` go by the label of the candidates' model; a model
    without a weight has 1. ``random_percent`` of the planned pairs are drawn at random.
    """

    name: str = PairDesign.ALL
    budget: int | None = None
    random_percent: int = LEAST_RANDOM
    anchor_model: str = ""
    model_weights: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Chosen:
    """A set of candidates to compare (ascending ids), and how it was chosen."""

    members: tuple[int, ...]
    drawn: Drawn


def choose_sets(
    models: Mapping[int, str],
    design: Design,
    *,
    size: int,
    seed: int,
    earlier: Sequence[Collection[int]] = (),
) -> list[Chosen]:
    """Return what to compare of a group: pairs by the design, or screens of ``size``.

    ``models`` names the model of each candidate. ``earlier`` holds the candidates of groups
    already planned: no pair of theirs is chosen again. Screens of more than two are drawn
    without regard to models, so all of them count as random.
    """
    if size > 2:
        return [Chosen(found, Drawn.RANDOM) for found in candidate_sets(models, size, seed)]
    return choose_pairs(models, design, seed=seed, earlier=earlier)


def choose_pairs(
    models: Mapping[int, str],
    design: Design,
    *,
    seed: int,
    earlier: Sequence[Collection[int]] = (),
) -> list[Chosen]:
    """Return the pairs to compare: the random ones, then those of the design.

    The design is kept whole and random pairs come on top of it, so many that they are the
    percentage of all that is planned, on average over groups; one that the design would give
    too is planned once, as a random one. A budget cuts the design, never the random pairs.
    """
    together = [set(group) & set(models) for group in earlier]
    fresh = [pair for pair in combinations(sorted(models), 2) if not _known(pair, together)]
    wanted = _wanted(models, design, fresh, together, seed)
    most = len(fresh) if design.budget is None else min(design.budget, len(fresh))
    drawn = _random_pairs(fresh, _room(len(wanted), most, design.random_percent), design, seed)
    rest = [pair for pair in wanted if pair not in drawn][: most - len(drawn)]
    return [
        *(Chosen(pair, Drawn.RANDOM) for pair in drawn),
        *(Chosen(pair, Drawn.DESIGN) for pair in rest),
    ]


def _known(pair: Pair, together: Sequence[set[int]]) -> bool:
    return any(pair[0] in group and pair[1] in group for group in together)


def _room(wanted: int, most: int, percent: int) -> float:
    """Return how many pairs there are when random ones come on top of the wanted, at most."""
    return most if percent == 100 else min(wanted * 100 / (100 - percent), most)


def _random_pairs(fresh: list[Pair], room: float, design: Design, seed: int) -> list[Pair]:
    """Draw the percentage of ``room`` pairs, every pair alike; a fraction is a chance of one."""
    draw = random.Random(f"random:{seed}:{fresh}")  # noqa: S311 - repeatable, not secret
    part, whole = math.modf(room * design.random_percent / 100)
    count = int(whole) + (draw.random() < part)
    return draw.sample(fresh, len(fresh))[:count]


def _wanted(
    models: Mapping[int, str],
    design: Design,
    fresh: list[Pair],
    together: Sequence[set[int]],
    seed: int,
) -> list[Pair]:
    """Return the pairs that the design gives, in the order in which a budget takes them."""
    draw = random.Random(f"design:{seed}:{fresh}")  # noqa: S311 - repeatable, not secret
    if design.name == PairDesign.WEIGHTED:
        return _weighted(models, design.model_weights, fresh, draw)
    if design.name == PairDesign.ALL:
        return draw.sample(fresh, len(fresh))
    anchored = [
        pair
        for pair in fresh
        if (models[pair[0]] == design.anchor_model) != (models[pair[1]] == design.anchor_model)
    ]
    if design.name == PairDesign.ANCHOR and anchored:
        return draw.sample(anchored, len(anchored))
    return list(_chain(sorted(models), together, draw))


def _chain(members: list[int], together: Sequence[set[int]], draw: random.Random) -> Iterator[Pair]:
    """Yield the links of a shuffled chain that join what is not joined yet."""
    part = {member: index for index, member in enumerate(members)}

    def join(one: int, other: int) -> None:
        gone, kept = part[one], part[other]
        part.update({member: kept for member, at in part.items() if at == gone})

    for group in together:
        for one, other in pairwise(group):
            join(one, other)
    for one, other in pairwise(draw.sample(members, len(members))):
        if part[one] != part[other]:
            join(one, other)
            yield (min(one, other), max(one, other))


def _weighted(
    models: Mapping[int, str], weights: Mapping[str, float], fresh: list[Pair], draw: random.Random
) -> list[Pair]:
    """Return pairs in the order of draws without replacement, by the product of two weights.

    Each waits a time that is exponential in its weight, and the first come first, which gives
    the same chances as drawing one after the other (Efraimidis and Spirakis, 2006).
    """
    waits = []
    for one, other in fresh:
        weight = weights.get(models[one], 1) * weights.get(models[other], 1)
        if weight > 0:
            waits.append((draw.expovariate(1) / weight, (one, other)))
    return [pair for _, pair in sorted(waits)]


def candidate_sets(ids: Collection[int], size: int, seed: int) -> list[tuple[int, ...]]:
    """Return sets of ``size`` candidates that cover each at least once, in a shuffled order.

    The last set is filled up with candidates already used. A group smaller than ``size`` but
    of at least two is one set; a smaller one gives none.
    """
    members = sorted(set(ids))
    if len(members) < 2:
        return []
    if len(members) <= size:
        return [tuple(members)]
    shuffled = members.copy()
    random.Random(f"{seed}:{members}").shuffle(shuffled)  # noqa: S311 - repeatable, not secret
    starts = range(0, len(shuffled), size)
    whole = (shuffled[start : start + size] for start in starts)
    return [tuple(sorted(part + shuffled[: size - len(part)])) for part in whole]


def candidate_key(ids: Sequence[int]) -> str:
    """Return the SHA-256 (hex) that names a set of candidates, whatever their order."""
    return hashlib.sha256(",".join(map(str, sorted(ids))).encode()).hexdigest()


def queue_position(key: str, *, seed: int) -> int:
    """Return a comparison's shuffled place in its campaign's queue, 0 to 2^62."""
    drawn = hashlib.sha256(f"{seed}:{key}".encode()).digest()
    return int.from_bytes(drawn[:8]) >> 2

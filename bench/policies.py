"""Replay every policy on recorded votes: judgments a pair, and what the decisions are worth.

Run with ``make simulate-policies``; ``ARGS="--seeds 20"`` for a quick look. Of each pair's votes,
shuffled, one is held out as the test and the others are handed to the policy until it wants no
more or none is left. What the policy wants is asked of the product's own code.
"""

import argparse
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter, mul

from bench.votes import FOLDER, Pair, load_pairs
from labeling.assignment.enums import Policy
from labeling.assignment.policies import Rule, Tally, choice, choices, lead, wanted
from labeling.quality.vote_value import value_of

FIRST, SECOND, TIE = "1,2", "2,1", "1,1"
HELD_OUT = 1
LEAST_VOTES = 3 + HELD_OUT  # so that three people's majority is there for every pair
RESAMPLES = 1000
HEAD = (
    "| policy | judgments a pair | cut off | winner named | beside fixed 3 "
    "| same answer of three | beside fixed 3 |"
)


@dataclass(frozen=True)
class Plan:
    """A policy to replay, under the name that the table gives it."""

    name: str
    rule: Rule


@dataclass
class Sums:
    """What came of one policy on one pair, summed over the draws.

    ``right`` of ``draws`` decisions are the held-out vote, a tie included; ``points`` of
    ``decisive`` are for naming the winner where the held-out vote names one, half a point for
    naming none. ``cut_off`` counts the draws in which the policy wanted a vote that was not
    there.
    """

    votes: float = 0
    draws: float = 0
    cut_off: float = 0
    right: float = 0
    points: float = 0
    decisive: float = 0

    def add(self, tally: Tally, test: str, *, lacked: bool) -> None:
        """Count one draw: what the policy took, and the vote that was held out."""
        self.votes += sum(tally.values())
        self.draws += 1
        self.cut_off += lacked
        self.right += most_said(tally) == choice(test)
        if test != TIE:
            named = winner(tally)
            self.points += 1 if named == choice(test) else 0.5 if named == choice(TIE) else 0
            self.decisive += 1


def _rule(policy: Policy, overlap: int = 3) -> Rule:
    return Rule(policy, overlap=overlap, most_votes=7, slice_percent=12, vote_price=0.02)


BASELINE = Plan("fixed, 3", _rule(Policy.FIXED))
PLANS = (
    Plan("fixed, 1", _rule(Policy.FIXED, 1)),
    Plan("fixed, 2", _rule(Policy.FIXED, 2)),
    BASELINE,
    Plan("tie_break", _rule(Policy.TIE_BREAK)),
    Plan("lead, at most 7", _rule(Policy.LEAD)),
    Plan("slice, 3 on 12 %", _rule(Policy.SLICE)),
    Plan("adaptive, price 0.02", _rule(Policy.ADAPTIVE)),
)


def verdicts_of(pair: Pair) -> list[str]:
    """Return a pair's recorded votes as verdicts; slot 0 is its first text."""
    named = {None: TIE, pair.texts[0]: FIRST, pair.texts[1]: SECOND}
    return [named[vote] for _, vote in sorted(pair.votes.items())]


def replay(rule: Rule, recorded: Sequence[str], *, key: str) -> tuple[Counter[str], bool]:
    """Return the votes that a policy takes of those recorded, in order, and whether it lacked one.

    The value of another vote is there at once, as in a product whose sweep comes before the next
    vote. It goes by what could be said here: first, second and tie.
    """
    tally: Counter[str] = Counter()
    for taken, vote in enumerate([*recorded, None]):
        value = value_of(tally, size=2, tie_allowed=True, neither_allowed=False)
        if wanted(rule, key=key, tally=tally, vote_value=value) <= taken:
            return tally, False
        if vote is not None:
            tally[vote] += 1
    return tally, True


def most_said(tally: Tally) -> str:
    """Return the choice that most people made; a tie when two are level."""
    return choices(tally).most_common(1)[0][0] if lead(tally) else choice(TIE)


def winner(tally: Tally) -> str:
    """Return which response more people call better, whatever number says tie; or a tie."""
    ahead = tally.get(FIRST, 0) - tally.get(SECOND, 0)
    return choice(TIE if not ahead else FIRST if ahead > 0 else SECOND)


def score(plan: Plan, drawn: Iterable[Iterable[Sequence[str]]]) -> list[Sums]:
    """Replay a policy on every pair; ``drawn`` gives each pair's votes in the orders drawn.

    The last vote of an order is the one held out.
    """
    found = []
    for number, orders in enumerate(drawn):
        sums = Sums()
        for draw, (*recorded, test) in enumerate(orders):
            tally, lacked = replay(plan.rule, recorded, key=f"{draw}:{number}")
            sums.add(tally, test, lacked=lacked)
        found.append(sums)
    return found


def seeded_orders(pairs: Sequence[Sequence[str]], seeds: int) -> list[list[list[str]]]:
    """Return ``seeds`` shuffles of every pair's votes, the same for every policy."""
    return [
        [random.Random(f"{seed}:{number}").sample(votes, len(votes)) for seed in range(seeds)]
        for number, votes in enumerate(pairs)
    ]


def ratio(
    pairs: Sequence[Sums], above: str, below: str, times: Sequence[int] | None = None
) -> float:
    """Return one sum over another, each pair taken as many ``times`` as a resample has it."""
    weights = times or [1] * len(pairs)
    return _weighed(pairs, above, weights) / _weighed(pairs, below, weights)


def _weighed(pairs: Sequence[Sums], name: str, weights: Sequence[int]) -> float:
    value_of = attrgetter(name)
    return sum(map(mul, map(value_of, pairs), weights))


def resamples(pairs: int, count: int = RESAMPLES, seed: int = 0) -> list[list[int]]:
    """Return how often each pair is in each bootstrap resample of the pairs."""
    drawer = random.Random(seed)
    found = (Counter(drawer.choices(range(pairs), k=pairs)) for _ in range(count))
    return [[drawn[number] for number in range(pairs)] for drawn in found]


def interval(values: Iterable[float]) -> tuple[float, float]:
    """Return the middle 95 percent of the values."""
    ranked = sorted(values)
    return ranked[round(0.025 * (len(ranked) - 1))], ranked[round(0.975 * (len(ranked) - 1))]


def cells(
    pairs: list[Sums], base: list[Sums], above: str, below: str, drawn: list[list[int]]
) -> tuple[str, str]:
    """Return a share with its interval, and its difference from the baseline with its own."""
    own = [ratio(pairs, above, below, times) for times in drawn]
    gains = [
        mine - ratio(base, above, below, times) for mine, times in zip(own, drawn, strict=True)
    ]
    value = ratio(pairs, above, below)
    gain = value - ratio(base, above, below)
    low, high = interval(own)
    least, most = interval(gains)
    return f"{value:.3f} [{low:.3f}, {high:.3f}]", f"{gain:+.3f} [{least:+.3f}, {most:+.3f}]"


def table(pairs: Sequence[Sequence[str]], seeds: int) -> str:
    """Return what every policy took and decided, in Markdown."""
    orders = seeded_orders(pairs, seeds)
    found = {plan.name: score(plan, orders) for plan in PLANS}
    drawn = resamples(len(pairs))
    rows = [HEAD, "|---|---|---|---|---|---|---|"]
    for name, sums in found.items():
        shares = [
            *cells(sums, found[BASELINE.name], "points", "decisive", drawn),
            *cells(sums, found[BASELINE.name], "right", "draws", drawn),
        ]
        votes, cut = ratio(sums, "votes", "draws"), ratio(sums, "cut_off", "draws")
        rows.append(f"| {name} | {votes:.2f} | {cut:.0%} | {' | '.join(shares)} |")
    return "\n".join(rows)


def main() -> None:
    """Print the table for all pairs that are long enough."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=100, help="shuffles a pair")
    parser.add_argument("--least", type=int, default=LEAST_VOTES, help="votes a pair must have")
    options = parser.parse_args()
    if not FOLDER.is_dir():
        raise SystemExit(f"The recorded votes are not here: put LLMFAO into {FOLDER}.")
    recorded = [verdicts_of(pair) for pair in load_pairs()]
    pairs = [votes for votes in recorded if len(votes) >= options.least]
    told = Counter(vote for votes in pairs for vote in votes)
    print(
        f"LLMFAO: {len(pairs)} of {len(recorded)} pairs have {options.least} votes or more; "
        f"{told.total()} votes, {told[TIE] / told.total():.1%} ties; {options.seeds} shuffles a "
        f"pair; 95 % intervals from {RESAMPLES} resamples of pairs.\n"
    )
    print(table(pairs, options.seeds))


if __name__ == "__main__":
    main()

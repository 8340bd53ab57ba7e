"""Turn a campaign's judgments into the rows of an export, and count what became of them."""

from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import groupby

from exports.fitness import Reason, settled, why_unfit_pair
from exports.formats.manifest import Counts
from exports.judged import Judged
from exports.making import demonstrations_of, pairs_of, ranking_of, singles_of
from exports.pairing import Decided, decide
from exports.policies import Contradictions, Duplicates
from exports.queries import Scope, judged_comparisons
from exports.records import Demonstration, Pair, Ranking, Row, Single
from exports.selection import Selection
from exports.services.snapshots import Snapshot
from exports.splits import SPLITS
from exports.statistics import Statistics

Kinds = Container[type[Row]]
# Most comparisons are answered in one of a few ways, and decided alike.
PATTERNS_KEPT = 4096


@dataclass
class Tally:
    """What was read and what became of it, counted while the rows go by.

    ``comparisons_read`` are all about which anything was said, ``comparisons`` those with an
    answer that counts.
    """

    comparisons_read: int = 0
    comparisons: int = 0
    judgments: int = 0
    ai_rankings: int = 0
    undecided: int = 0
    people: set[str] = field(default_factory=set)
    splits: Counter[str] = field(default_factory=Counter)
    left_out: Counter[Reason] = field(default_factory=Counter)
    guideline_versions: Counter[int] = field(default_factory=Counter)
    statistics: Statistics = field(default_factory=Statistics)

    def read(self, judged: Judged, decided: Decided) -> None:
        """Count one comparison."""
        self.statistics.read(judged)
        self.comparisons += 1
        self.judgments += len(judged.answers) - judged.n_ai
        self.ai_rankings += judged.n_ai
        self.undecided += decided.undecided
        for answer in judged.answers:
            if answer.annotator:
                self.people.add(answer.annotator)
        for version in judged.guideline_versions:
            self.guideline_versions[version] += 1
        if decided.not_taken or decided.not_among:
            self.left_out[Reason.NOT_ENOUGH] += decided.not_taken
            self.left_out[Reason.NOT_AMONG_PAIRS] += decided.not_among

    def counts(self) -> Counts:
        """Return the counts in a fixed order, reasons and splits without any left out."""
        return Counts(
            comparisons=self.comparisons,
            judgments=self.judgments,
            ai_rankings=self.ai_rankings,
            people=len(self.people),
            undecided=self.undecided,
            pairs=self.splits.total(),
            splits={split: self.splits[split] for split in SPLITS if self.splits[split]},
            left_out={str(why): self.left_out[why] for why in Reason if self.left_out[why]},
        )


def collect(scope: Scope, kinds: Kinds, tally: Tally, seen: Snapshot) -> Iterator[Row]:
    """Yield the rows of these kinds that rest on judgments, counting into ``tally``.

    The rows of one prompt come together, by comparison and slots. Pairs are counted whether or
    not they are asked for.
    """
    read = seen.ahead(lambda: judged_comparisons(scope))
    selection = scope.selection
    decided = lru_cache(PATTERNS_KEPT)(partial(decide, selection=selection))
    for _, group in groupby(read, key=lambda one: one.prompt.prompt_id):
        comparisons = []
        for judged in group:
            yield from judged.given
            tally.comparisons_read += 1
            if judged.answers:
                comparisons.append((judged, decided(judged.ballots, len(judged.responses))))
                tally.read(*comparisons[-1])
        if comparisons:
            yield from _of_prompt(comparisons, selection, kinds, tally)


def _of_prompt(
    comparisons: Sequence[tuple[Judged, Decided]], selection: Selection, kinds: Kinds, tally: Tally
) -> Iterator[Row]:
    pairs = _fit_pairs(comparisons, selection, tally)
    if Pair in kinds:
        yield from pairs
    if Single in kinds:
        yield from singles_of(comparisons, selection)
    longest = selection.max_tokens
    for judged, _ in comparisons:
        if Ranking in kinds and (ranking := ranking_of(judged, longest)) is not None:
            yield ranking
        if Demonstration in kinds:
            yield from demonstrations_of(judged, longest)


def _fit_pairs(
    comparisons: Sequence[tuple[Judged, Decided]], selection: Selection, tally: Tally
) -> list[Pair]:
    """Return the pairs of one prompt that trainers can learn from, and count the others."""
    fit, kept = [], []
    for judged, decided in comparisons:
        for pair in pairs_of(judged, decided, selection):
            if (unfit := why_unfit_pair(pair, selection.max_tokens)) is None:
                fit.append(pair)
            else:
                tally.left_out[unfit] += 1
    both_ways = selection.contradictions == Contradictions.KEPT
    again = selection.duplicates == Duplicates.KEPT
    for pair, why in settled(fit, both_ways=both_ways, again=again):
        if why is None:
            tally.splits[pair.split] += 1
            tally.statistics.pair(pair)
            kept.append(pair)
        else:
            tally.left_out[why] += 1
    return kept

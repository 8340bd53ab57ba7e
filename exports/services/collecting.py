"""Turn a campaign's judgments into the rows of an export, and count what became of them."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from exports.formats.manifest import Counts
from exports.queries import Judged, judged_comparisons, judgments_in_force
from exports.records import (
    SPLITS,
    JudgmentRow,
    PreferencePair,
    Reason,
    Vote,
    make_pair,
    settle_prompt,
)
from exports.selection import Selection
from labeling.campaigns.models import Campaign
from labeling.quality.consensus import Preference, majority, slot_pairs


@dataclass
class Tally:
    """What was read and what became of it, counted while the rows go by."""

    comparisons: int = 0
    judgments: int = 0
    ai_rankings: int = 0
    undecided: int = 0
    people: set[int] = field(default_factory=set)
    splits: Counter[str] = field(default_factory=Counter)
    in_force: Counter[str] = field(default_factory=Counter)
    left_out: Counter[Reason] = field(default_factory=Counter)
    guideline_versions: Counter[int] = field(default_factory=Counter)

    def read(self, judged: Judged) -> None:
        """Count one comparison."""
        self.comparisons += 1
        self.judgments += len(judged.ballots) - judged.ai
        self.ai_rankings += judged.ai
        self.people.update(judged.people)
        self.guideline_versions.update(judged.guideline_versions)

    def counts(self) -> Counts:
        """Return the counts in a fixed order, reasons and splits without any left out."""
        return Counts(
            comparisons=self.comparisons,
            judgments=self.judgments,
            ai_rankings=self.ai_rankings,
            in_force=self.in_force.total(),
            people=len(self.people),
            undecided=self.undecided,
            pairs=self.splits.total(),
            splits={split: self.splits[split] for split in SPLITS if self.splits[split]},
            left_out={str(why): self.left_out[why] for why in Reason if self.left_out[why]},
        )


def collect(campaign: Campaign, selection: Selection, tally: Tally) -> Iterator[PreferencePair]:
    """Yield the rows of an export in their one order, counting into ``tally``.

    The rows of one prompt come together, by comparison and slots.
    """
    by_prompt = groupby(judged_comparisons(campaign), key=lambda judged: judged.prompt.prompt_id)
    for _, comparisons in by_prompt:
        pairs = [pair for judged in comparisons for pair in _pairs(judged, selection, tally)]
        kept, left_out = settle_prompt(pairs)
        tally.left_out.update(left_out)
        tally.splits.update(pair.split for pair in kept)
        yield from kept


def collect_judgments(
    campaign: Campaign, selection: Selection, tally: Tally
) -> Iterator[JudgmentRow]:
    """Yield the judgments behind the rows and all others in force, counting into ``tally``."""
    for row in judgments_in_force(campaign, selection):
        tally.in_force[row.split] += 1
        yield row


def _pairs(judged: Judged, selection: Selection, tally: Tally) -> Iterator[PreferencePair]:
    tally.read(judged)
    for votes in slot_pairs(judged.ballots, len(judged.responses)):
        found = majority(votes)
        if found is None:
            tally.undecided += 1
        elif not selection.takes(found.n_votes, found.agreement):
            tally.left_out[Reason.FEW_VOTES_OR_LOW_AGREEMENT] += 1
        else:
            slots = f"{votes.first}-{votes.second}"
            pair = _pair(judged, found, f"{judged.comparison_id}-{slots}", selection)
            if isinstance(pair, Reason):
                tally.left_out[pair] += 1
            else:
                yield pair


def _pair(
    judged: Judged, found: Preference, pair_id: str, selection: Selection
) -> PreferencePair | Reason:
    return make_pair(
        prompt=judged.prompt,
        chosen=judged.responses[found.winner],
        rejected=judged.responses[found.loser],
        vote=Vote(
            pair_id=pair_id,
            comparison_id=judged.comparison_id,
            n_votes=found.n_votes,
            n_ai_votes=judged.ai,
            agreement=found.agreement,
            strength=found.strength,
            strength_votes=found.strength_votes,
            guideline_version=max(judged.guideline_versions, default=0),
            round=judged.round,
        ),
        validation_share=selection.validation_share,
    )

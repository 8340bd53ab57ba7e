"""What a card says of the campaign: how answers were collected, and under which guide."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from exports.policies import Judges
from exports.selection import Selection

LONGEST_GUIDE = 20_000
# What YAML cannot hold as it is (YAML 1.2.2, 5.1), and what Markdown could take for markup.
UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
MARKUP = re.compile(r"([\\`*_{}\[\]<>#|!&~$])")
HANDED_OUT = {
    "fixed": "to that many people",
    "tie_break": "to two people, and to a third where they disagree",
    "lead": "to people until one answer leads by two",
    "slice": "to one person, or to several where it is on a slice of all",
    "adaptive": "to people while another judgment promises to be worth it",
}


@dataclass(frozen=True)
class CampaignFacts:
    """What cards say of a campaign, as it was when the data was read.

    ``overlap`` is how many answers to a comparison are wanted, ``handed_out`` the name of the
    policy that has the last word on it. ``guide`` is the judging guide in force, of
    ``guide_version``; 0 for none.
    """

    name: str
    overlap: int
    candidates: int
    handed_out: str
    counts_ai: bool
    ties_allowed: bool
    neither_allowed: bool
    guide: str = ""
    guide_version: int = 0

    @property
    def title(self) -> str:
        """The name on one line."""
        return UNPRINTABLE.sub("", " ".join(self.name.split()))

    @property
    def in_markdown(self) -> str:
        """The name on one line, none of it markup."""
        return MARKUP.sub(r"\\\1", self.title)


def collected(
    campaign: CampaignFacts, selection: Selection, guide_versions: Mapping[int, int]
) -> str:
    """Return how answers were collected."""
    many = campaign.candidates
    shape = "two responses" if many == 2 else f"{many} responses, ranked by a person at once"
    handed_out = HANDED_OUT.get(campaign.handed_out, f"by the policy `{campaign.handed_out}`")
    may = "may" if campaign.ties_allowed else "may not"
    and_may = "may" if campaign.neither_allowed else "may not"
    counts_ai = selection.judges == Judges.AI or (
        selection.judges == Judges.CAMPAIGN and campaign.counts_ai
    )
    lines = (
        f"A comparison shows {shape}, in an order drawn for each person.",
        f"Answers wanted to a comparison: {campaign.overlap}. It is handed out {handed_out}.",
        f"People {may} say that responses are equally good.",
        f"People {and_may} say that none is acceptable.",
        f"Rankings of AI judges {'count' if counts_ai else 'do not count'}.",
        _versions(guide_versions),
    )
    return "\n".join(["## How it was collected\n", *(f"- {line}" for line in lines), ""])


def guide(campaign: CampaignFacts) -> Iterator[str]:
    """Yield the judging guide as a quotation, which nothing in it can end."""
    if not campaign.guide_version:
        return
    text = campaign.guide[:LONGEST_GUIDE]
    cut = ""
    if len(campaign.guide) > LONGEST_GUIDE:
        cut = f" These are its first {LONGEST_GUIDE} characters of {len(campaign.guide)}."
    lines = [
        "## The judging guide\n",
        f"Version {campaign.guide_version}, in force when the data was read.{cut}\n",
    ]
    lines += [f"> {UNPRINTABLE.sub('', line)}".rstrip() for line in text.splitlines()]
    yield "\n".join(lines) + "\n"


def _versions(guide_versions: Mapping[int, int]) -> str:
    if not any(guide_versions):
        return "No answer was given under a judging guide."
    counts = [
        f"{count} under version {version}" if version else f"{count} before there was one"
        for version, count in sorted(guide_versions.items())
    ]
    return f"Answers by version of the judging guide: {', '.join(counts)}."

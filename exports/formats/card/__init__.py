"""The dataset cards: what the rows are, how they came about, and how to load them."""

from collections.abc import Mapping
from dataclasses import dataclass

from exports.formats.card import campaign, figures, front, rows, training
from exports.formats.card.campaign import CampaignFacts
from exports.formats.card.rows import Rows
from exports.formats.manifest import Counts
from exports.selection import Selection
from exports.statistics import Summary

__all__ = ["CampaignFacts", "Card"]


@dataclass(frozen=True)
class Card:
    """What a card says of a campaign's data.

    ``checksum`` is that of all files with rows. `datasets` keeps what it loaded under the folder's
    name and what the card says, so two exports in folders of one name need different cards.
    ``guide_versions`` says how many answers were given under each version of the judging guide, 0
    for none.
    """

    campaign: CampaignFacts
    checksum: str
    rows: Rows
    counts: Counts
    selection: Selection
    summary: Summary
    guide_versions: Mapping[int, int]

    def text(self, container: str, folder: str) -> str:
        """Return README.md for the rows in a container; ``folder`` leads from it to them."""
        parts = (
            self._front_matter(container, folder),
            f"# {self.campaign.in_markdown}: human preferences\n",
            "People compared responses to prompts; their choices are here as trainers read them.\n",
            rows.configurations(self.rows),
            rows.loading(self.rows),
            *training.how_to_train(self.rows),
            rows.what_is_in_it(self.counts, self.summary.languages),
            figures.warnings(self.summary),
            figures.agreement(self.summary),
            figures.lengths_and_positions(self.summary),
            campaign.collected(self.campaign, self.selection, self.guide_versions),
            *campaign.guide(self.campaign),
            rows.how(self.selection),
            *rows.columns(self.rows, self.selection),
        )
        return "\n".join(parts)

    def _front_matter(self, container: str, folder: str) -> str:
        return front.front_matter(
            title=self.campaign.title,
            selection=self.selection,
            languages=self.summary.languages,
            files=front.Files(self.rows, self.checksum, container, folder),
        )

"""What the templates need to draw one comparison and its answer sheet."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from labeling.campaigns.enums import Asked
from labeling.campaigns.models import Campaign, Membership
from labeling.campaigns.queries import guideline_changes
from labeling.campaigns.rules import criterion_in_words
from labeling.ranking.answers import LETTERS
from labeling.ranking.edits import normalized
from labeling.ranking.enums import Flag, SkipReason
from labeling.ranking.invisible import marked
from labeling.ranking.queries import Paper, Standing, guide_html, last_of
from labeling.ranking.web.typed import NEITHER, TIE, Typed
from labeling.wording import gettext, gettext_lazy, pgettext, pgettext_lazy

# The four grades of a side, from the clearest on: as a caption of the scale, and in full.
WORDS = (
    pgettext_lazy("how clearly one response is better", "Much"),
    pgettext_lazy("how clearly one response is better", "Better"),
    pgettext_lazy("how clearly one response is better", "Slightly"),
    pgettext_lazy("how clearly one response is better", "Barely"),
)
BETTER = (
    gettext_lazy("%(letter)s is much better"),
    gettext_lazy("%(letter)s is better"),
    gettext_lazy("%(letter)s is slightly better"),
    gettext_lazy("%(letter)s is barely better"),
)
PADS = ("QWE", "ASD", "ZXC")


def task_context(
    paper: Paper, typed: Typed, standing: Standing, member: Membership, problem: str = ""
) -> dict[str, Any]:
    """Return the context of a page with a comparison to judge."""
    campaign = paper.campaign
    kwargs = {"campaign_id": campaign.pk, "assignment_id": paper.assignment.pk}
    *earlier, asked = paper.turns
    return {
        **common_context(member, standing),
        **guide_context(member),
        "assignment": paper.assignment,
        "asked": asked,
        "earlier": earlier,
        "responses": [
            {
                "letter": shown.letter,
                "html": shown.html,
                "source": marked(shown.text),
                "text": normalized(shown.text),
            }
            for shown in paper.responses
        ],
        "typed": typed,
        "problem": problem,
        "answer_url": reverse("rank-answer", kwargs=kwargs),
        "skip_url": reverse("rank-skip", kwargs=kwargs),
        "skip_reasons": SkipReason.choices,
        "flags": [(value, label, value in typed.flags) for value, label in Flag.choices],
        "note_asked": campaign.rationale != Asked.OFF,
        "note_required": campaign.rationale == Asked.REQUIRED,
        "reasons": [(tag, tag in typed.reasons) for tag in campaign.reason_tags],
        "ideal_asked": campaign.ideal != Asked.OFF,
        "ideal_required": campaign.ideal == Asked.REQUIRED,
        **choice_context(campaign, [shown.letter for shown in paper.responses], typed),
    }


def choice_context(campaign: Campaign, letters: Sequence[str], typed: Typed) -> dict[str, Any]:
    """Return what the scale or the rank pickers of the responses under these letters need."""
    if len(letters) == 2:
        return _pair(campaign, typed)
    asked = _acceptable(len(letters), typed) if campaign.neither_allowed else []
    return {**_cards(letters, typed), "acceptable": asked}


def guide_context(member: Membership) -> dict[str, Any]:
    """Return the guide in force, and what changed in it since the person read it."""
    campaign = member.campaign
    return {
        "guide": {"html": guide_html(campaign), "version": campaign.guideline_version or None},
        "read_before": member.guideline_read if member.pk else campaign.guideline_version,
        "changes": guideline_changes(campaign, member.guideline_read),
    }


def common_context(member: Membership, standing: Standing) -> dict[str, Any]:
    """Return what every ranking page shows, a comparison or not."""
    campaign, person = member.campaign, member.user
    kwargs = {"campaign_id": campaign.pk}
    is_pair = campaign.candidates_per_comparison == 2
    return {
        "screen": "pair" if is_pair else "kwise",
        "person": person.pk,
        "standing": standing,
        "next_url": reverse("rank", kwargs=kwargs),
        "undo_url": reverse("rank-undo", kwargs=kwargs),
        "history_url": reverse("rank-history", kwargs=kwargs),
        "heartbeat_url": reverse("api-heartbeat", kwargs=kwargs),
        "release_url": reverse("api-give-back", kwargs=kwargs),
        "last": last_of(campaign, person) if standing.done else None,
        "letters": LETTERS[: campaign.candidates_per_comparison],
        "criteria": _criteria(campaign, Typed()) if is_pair else [],
    }


def _pair(campaign: Campaign, typed: Typed) -> dict[str, Any]:
    better_a = [(str(at + 1), WORDS[at], BETTER[at] % {"letter": "A"}) for at in range(4)]
    better_b = [(str(8 - at), WORDS[at], BETTER[at] % {"letter": "B"}) for at in reversed(range(4))]
    tie, neither = pgettext("outcome of a comparison", "Tie"), gettext("Neither")
    knot = [
        (TIE, tie, gettext("Tie, equally good"), campaign.tie_allowed),
        (NEITHER, neither, gettext("Neither response is acceptable"), campaign.neither_allowed),
    ]
    return {
        "screen": "pair",
        "sides": [("a", better_a), ("b", better_b)],
        "knot": [entry[:3] for entry in knot if entry[3]],
        "criteria": _criteria(campaign, typed),
    }


def _criteria(campaign: Campaign, typed: Typed) -> list[dict[str, Any]]:
    rows = []
    for at, name in enumerate(campaign.criteria):
        keys = PADS[at] if at < len(PADS) else "   "
        shown = criterion_in_words(name)
        same = pgettext("no difference by a criterion", "same")
        sides = [
            ("A", "A", gettext("%(criterion)s: A is better") % {"criterion": shown}),
            ("same", same, gettext("%(criterion)s: no difference") % {"criterion": shown}),
            ("B", "B", gettext("%(criterion)s: B is better") % {"criterion": shown}),
        ]
        options = [
            {"value": side, "text": text, "says": says, "key": key.strip(),
             "checked": typed.criteria.get(name) == side}
            for (side, text, says), key in zip(sides, keys, strict=True)
        ]  # fmt: skip
        rows.append({"field": f"criterion-{at}", "name": shown, "options": options})
    return rows


def _cards(letters: Sequence[str], typed: Typed) -> dict[str, Any]:
    ranks = range(1, len(letters) + 1)
    says = {rank: gettext("Rank %(rank)s") % {"rank": rank} for rank in ranks}
    return {
        "screen": "kwise",
        "ranks": ranks,
        "pickers": {
            letter: [(rank, says[rank], typed.ranks.get(letter) == rank) for rank in ranks]
            for letter in letters
        },
    }


def _acceptable(size: int, typed: Typed) -> list[tuple[str, str, bool]]:
    """Return the choices of the last rank that is acceptable: not said, all, some, none."""
    some = gettext("Acceptable to %(rank)s")
    choices: list[tuple[int | None, str]] = [
        (None, gettext("Acceptable?")),
        (size, gettext("All acceptable")),
        *((rank, some % {"rank": rank}) for rank in range(size - 1, 0, -1)),
        (0, gettext("None acceptable")),
    ]
    return [
        ("" if value is None else str(value), says, typed.acceptable_to == value)
        for value, says in choices
    ]

"""A person's own answers in a campaign, each with the way to change it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from labeling.access import RANKERS, declare
from labeling.accounts.queries import user_of
from labeling.campaigns.enums import CampaignState
from labeling.campaigns.queries import asked_at, campaign_of
from labeling.ranking.answers import LETTERS, ranks_as_shown
from labeling.ranking.enums import Outcome, SkipReason
from labeling.ranking.models import Judgment
from labeling.ranking.queries import earnings_in, history_of, work_of
from labeling.ranking.web.sheet import BETTER
from labeling.wording import gettext, gettext_lazy

A_PAGE = 25
IN_WORDS = {
    Outcome.TIE: gettext_lazy("Tie, equally good"),
    Outcome.BOTH_BAD: gettext_lazy("Neither is acceptable"),
}


@dataclass(frozen=True)
class Row:
    """One answer as it is listed."""

    judgment: Judgment
    prompt: str
    words: str
    refused: str


@declare(GET=RANKERS)
def history(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """List the person's answers in force, newest first."""
    campaign, person = campaign_of(request), user_of(request)
    own = history_of(campaign, person)
    page = Paginator(own, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "work": work_of(campaign, person, asked_at(request)),
        "earned": earnings_in(campaign, person),
        "rows": [
            Row(
                each,
                each.comparison.prompt.messages[-1]["content"],
                in_words(each),
                refused_in_words(each),
            )
            for each in page
        ],
        "can_change": campaign.state in (CampaignState.ACTIVE, CampaignState.PAUSED),
    }
    return render(request, "ranking/history.html", context)


def in_words(judgment: Judgment) -> str:
    """Say what a judgment says, by the letters that its person saw."""
    if judgment.outcome == Outcome.SKIPPED:
        return gettext("Skipped: %(reason)s") % {"reason": SkipReason(judgment.skip_reason).label}
    ranks = ranks_as_shown(judgment.ranks, judgment.display_order) if judgment.ranks else []
    return words_of(judgment.outcome, ranks, judgment.strength)


def refused_in_words(judgment: Judgment) -> str:
    """Say which responses are not acceptable, by the letters shown; "" if that was not said."""
    if judgment.acceptable_to is None:
        return ""
    ranks = ranks_as_shown(judgment.ranks, judgment.display_order)
    below = [
        letter
        for letter, rank in zip(LETTERS, ranks, strict=False)
        if rank > judgment.acceptable_to
    ]
    if not below:
        return gettext("All acceptable")
    if len(below) == len(ranks):
        return gettext("None acceptable")
    return gettext("Not acceptable: %(letters)s") % {"letters": ", ".join(below)}


def words_of(outcome: str, ranks: Sequence[int], strength: int | None) -> str:
    """Say what an answer says, given its ranks in the order shown."""
    if outcome != Outcome.RANKED:
        return str(IN_WORDS[Outcome(outcome)])
    if len(ranks) == 2 and strength:
        return BETTER[4 - strength] % {"letter": "A" if ranks[0] < ranks[1] else "B"}
    levels = [
        " = ".join(letter for letter, each in zip(LETTERS, ranks, strict=False) if each == rank)
        for rank in sorted(set(ranks))
    ]
    return " > ".join(levels)

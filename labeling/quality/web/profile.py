"""The page of what a person's own choices go together with."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from labeling.access import RANKERS, declare
from labeling.accounts.queries import user_of
from labeling.campaigns.queries import campaign_of
from labeling.quality.features import count_features
from labeling.quality.queries import MOST_CHOICES, choices_of

FEWEST_CHOICES = 25  # before that it would shape the choices more than tell of them


@declare(GET=RANKERS)
def profile(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Show the person which features of responses their choices go together with."""
    choices = choices_of(campaign_of(request), user_of(request))
    counts = count_features(choices) if len(choices) >= FEWEST_CHOICES else []
    page = {
        "choices": len(choices),
        "most": MOST_CHOICES,
        "missing": max(0, FEWEST_CHOICES - len(choices)),
        "shown": [count for count in counts if count.says_something],
        "rare": [count.feature.more for count in counts if not count.says_something],
    }
    return render(request, "quality/profile.html", page)

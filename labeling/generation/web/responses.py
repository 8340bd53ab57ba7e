"""The pages of one response, and of all responses to one prompt."""

from itertools import groupby
from operator import attrgetter

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from labeling.access import MANAGERS, declare
from labeling.campaigns.queries import campaign_of
from labeling.generation import queries
from labeling.generation.enums import Stage


@declare(GET=MANAGERS)
def response(request: HttpRequest, campaign_id: int, candidate_id: int) -> HttpResponse:
    """Show a response with all that is known of how it came about."""
    found = queries.candidate_for(campaign_of(request), candidate_id)
    rounds = groupby(found.steps.all(), key=attrgetter("round"))
    page = {
        "candidate": found,
        "rounds": [(number, list(steps)) for number, steps in rounds],
        "revisions": found.revisions.select_related("part__constitution").order_by("id"),
    }
    return render(request, "generation/response.html", page)


@declare(GET=MANAGERS)
def of_prompt(request: HttpRequest, campaign_id: int, prompt_id: int) -> HttpResponse:
    """Show what a prompt was answered, side by side by how far the models were trained."""
    prompt, found = queries.answers_to(campaign_of(request), prompt_id)
    stages = [(str(stage.label), found[stage]) for stage in Stage if found[stage]]
    page = {"prompt": prompt, "stages": stages, "others": found[""]}
    return render(request, "generation/prompt_responses.html", page)

"""One item of a person's attempt: take the answer, say what the reference says, hear objections."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from labeling.access import RANKERS, declare
from labeling.accounts.forms import show_refusal
from labeling.accounts.queries import user_of
from labeling.campaigns.queries import asked_at, campaign_of, member_in
from labeling.errors import Invalid, NotFound
from labeling.ranking.answers import AnswerInvalid
from labeling.ranking.web.typed import Typed, choice_of, read_typed
from labeling.training.enums import Use
from labeling.training.forms import ObjectionForm
from labeling.training.models import Trial
from labeling.training.queries import may_see_reference, trial_for
from labeling.training.services.attempts import answer_trial
from labeling.training.services.objections import object_to
from labeling.training.web.sheets import item_context, told_of
from labeling.wording import gettext


@declare(GET=RANKERS, POST=RANKERS)
def trial(request: HttpRequest, campaign_id: int, trial_id: int) -> HttpResponseBase:
    """Take the answer to an item, or show it again with what the reference says."""
    if request.method == "POST":
        return _answer(request, campaign_id, trial_id)
    found = trial_for(campaign_of(request), user_of(request), trial_id)
    if not may_see_reference(found):
        return redirect("training-attempt", campaign_id, found.attempt_id)
    return _show(request, found, ObjectionForm())


def _answer(request: HttpRequest, campaign_id: int, trial_id: int) -> HttpResponseBase:
    """Store a posted answer, then go on; one that does not fit comes back as it was given."""
    campaign, person = campaign_of(request), user_of(request)
    typed = read_typed(request.POST, [])
    found = trial_for(campaign, person, trial_id)
    try:
        if found.answered_at is None:
            outcome, ranks, strength = choice_of(typed, len(found.display_order))
            found = answer_trial(
                campaign=campaign,
                person=person,
                trial_id=trial_id,
                outcome=outcome,
                ranks=ranks,
                strength=strength,
                now=asked_at(request),
            )
    except AnswerInvalid as refusal:
        context = item_context(member_in(request), found, typed)
        page = {**context, "problem": refusal.message}
        return render(request, "training/item.html", page, status=400)
    if found.attempt.use == Use.TRAINING:
        return redirect("training-trial", campaign_id, trial_id)
    return redirect("training-attempt", campaign_id, found.attempt_id)


@declare(POST=RANKERS)
def objection(request: HttpRequest, campaign_id: int, trial_id: int) -> HttpResponseBase:
    """Take what a person says against a reference."""
    campaign, person = campaign_of(request), user_of(request)
    found = trial_for(campaign, person, trial_id)
    if not may_see_reference(found):
        raise NotFound(gettext("You can object once you see what the reference says."))
    form = ObjectionForm(request.POST)
    if form.is_valid():
        try:
            object_to(
                campaign=campaign,
                person=person,
                trial_id=trial_id,
                text=form.cleaned_data["text"],
                now=asked_at(request),
            )
        except Invalid as refusal:
            show_refusal(form, refusal)
        else:
            done = gettext("Sent. A manager decides, and you find the answer here.")
            messages.success(request, done)
            return redirect("training-trial", campaign_id, trial_id)
    return _show(request, found, form)


def _show(request: HttpRequest, found: Trial, form: ObjectionForm) -> HttpResponse:
    """Show an answered item with what the reference says and why."""
    page = {
        **item_context(member_in(request), found, Typed()),
        "pickers": {},
        "told": told_of(found),
        "item": found.item,
        "objection": getattr(found, "objection", None),
        "objection_form": form,
    }
    return render(request, "training/trial.html", page, status=400 if form.errors else 200)

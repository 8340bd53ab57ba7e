"""The pages of the prompts stage: import a file, follow it, look at prompts."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import etag

from labeling.access import MANAGERS, declare, takes_files
from labeling.accounts.queries import user_of
from labeling.campaigns.queries import campaign_of
from labeling.clock import database_now
from labeling.doorbell import ring
from labeling.prompts.forms import ImportForm, PromptFilterForm
from labeling.prompts.models import PromptSet
from labeling.prompts.problems import FileTooLarge, UploadCutOff
from labeling.prompts.queries import (
    problems_of,
    prompt_for,
    prompt_set_for,
    prompt_sets_of,
    prompts_of,
)
from labeling.prompts.refusals_csv import csv_lines
from labeling.prompts.services import receive_file
from labeling.wording import gettext

PROMPTS_A_PAGE = 50
IMPORTS_SHOWN = 20
PROBLEMS_SHOWN = 100
CSV_FIELDS = ("row", "field", "code", "reason", "excerpt")


@declare(GET=MANAGERS)
def prompts(request: HttpRequest, campaign_id: int) -> HttpResponseBase:
    """List the campaign's prompts, narrowed by tag, external id or language."""
    campaign = campaign_of(request)
    form = PromptFilterForm(request.GET or None)
    found = prompts_of(campaign, **form.filters())
    after = request.GET.get("after", "")
    total = found.count()
    if after.isdecimal():
        found = found.filter(pk__gt=int(after[:18]))
    page = list(found[: PROMPTS_A_PAGE + 1])
    context = {
        "form": form,
        "prompts": page[:PROMPTS_A_PAGE],
        "total": total,
        "next": page[PROMPTS_A_PAGE - 1].pk if len(page) > PROMPTS_A_PAGE else None,
        "is_narrowed": any(form.filters().values()),
        "is_first": not after,
    }
    return render(request, "prompts/prompts.html", context)


@declare(GET=MANAGERS)
def prompt(request: HttpRequest, campaign_id: int, prompt_id: int) -> HttpResponseBase:
    """Show one prompt and the responses that came with it, as plain text."""
    found = prompt_for(campaign_of(request), prompt_id)
    ready = found.ready_responses.order_by("id")[:IMPORTS_SHOWN]
    return render(request, "prompts/prompt.html", {"prompt": found, "ready": ready})


@takes_files
@declare(GET=MANAGERS, POST=MANAGERS)
def prompt_import(request: HttpRequest, campaign_id: int) -> HttpResponseBase:
    """Explain the format, take a file and lead to its import."""
    is_sent = request.method == "POST"
    form = ImportForm(request.POST, request.FILES) if is_sent else ImportForm()
    if is_sent and form.is_valid():
        prompt_set = _receive(request, form)
        if prompt_set is not None:
            return redirect("prompt-set", campaign_id, prompt_set.pk)
    context = {"form": form, "sets": prompt_sets_of(campaign_of(request))[:IMPORTS_SHOWN]}
    status = 400 if is_sent else 200
    return render(request, "prompts/import.html", context, status=status)


def _receive(request: HttpRequest, form: ImportForm) -> PromptSet | None:
    file = form.cleaned_data["file"]
    try:
        prompt_set, created = receive_file(
            campaign=campaign_of(request),
            user=user_of(request),
            name=file.name,
            stream=file,
            now=database_now(),
            format=form.cleaned_data["format"],
        )
    except (FileTooLarge, UploadCutOff) as refusal:
        form.add_error("file", refusal.message)
        return None
    if created:
        ring("prompts.import_file", prompt_set_id=prompt_set.pk)
    else:
        _say_known(request, prompt_set)
    return prompt_set


def _say_known(request: HttpRequest, prompt_set: PromptSet) -> None:
    said = gettext("The campaign has this file already: it came in as “%(name)s”. Nothing changed.")
    messages.info(request, said % {"name": prompt_set.name})


@declare(GET=MANAGERS)
def prompt_set(request: HttpRequest, campaign_id: int, prompt_set_id: int) -> HttpResponseBase:
    """Show where an import stands and which rows it refused; the page keeps itself up to date."""
    return render(request, "prompts/prompt_set.html", _standing(request, prompt_set_id))


def _standing(request: HttpRequest, prompt_set_id: int) -> dict[str, object]:
    found = prompt_set_for(campaign_of(request), prompt_set_id)
    problems = list(problems_of(found)[: PROBLEMS_SHOWN + 1]) if found.is_finished else []
    return {
        "set": found,
        "problems": problems[:PROBLEMS_SHOWN],
        "has_more": len(problems) > PROBLEMS_SHOWN,
    }


def _etag(request: HttpRequest, campaign_id: int, prompt_set_id: int) -> str:
    found = prompt_set_for(campaign_of(request), prompt_set_id)
    return f'"{found.state}-{found.checked_rows}-{found.handled_rows}"'


@declare(GET=MANAGERS)
@etag(_etag)
def prompt_set_status(request: HttpRequest, campaign_id: int, prompt_set_id: int) -> HttpResponse:
    """Answer the changing part of an import's page alone."""
    return render(request, "prompts/partials/standing.html", _standing(request, prompt_set_id))


@declare(GET=MANAGERS)
def problems_csv(request: HttpRequest, campaign_id: int, prompt_set_id: int) -> HttpResponseBase:
    """Answer the refused rows as a CSV file."""
    found = prompt_set_for(campaign_of(request), prompt_set_id)
    lines = csv_lines(problems_of(found).values_list(*CSV_FIELDS).iterator())
    name = f"refused-rows-{found.pk}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)


PROMPTS = "campaigns/<int:campaign_id>/prompts/"
ONE_SET = "campaigns/<int:campaign_id>/prompt-sets/<int:prompt_set_id>/"

urlpatterns = [
    path(PROMPTS, prompts, name="prompts"),
    path(f"{PROMPTS}import/", prompt_import, name="prompt-import"),
    path(f"{PROMPTS}<int:prompt_id>/", prompt, name="prompt"),
    path(ONE_SET, prompt_set, name="prompt-set"),
    path(f"{ONE_SET}status/", prompt_set_status, name="prompt-set-status"),
    path(f"{ONE_SET}problems.csv", problems_csv, name="prompt-set-problems"),
]

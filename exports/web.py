"""The pages of the exports: ask for one, follow it, take its files."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import etag

from exports.configs import Config
from exports.fitness import Reason
from exports.formats.manifest import ARCHIVE
from exports.formats.variants import in_order
from exports.forms import FORM_NAMES, SelectionForm, in_words
from exports.models import Export
from exports.queries import (
    earlier_than,
    export_in,
    exports_of,
    files_by_path,
    pairs_now,
    removed_count,
    scope_of,
    superseding,
)
from exports.selection import Selection
from exports.services.folders import first_rows
from exports.services.requests import ExportOver, cancel_export, request_export
from exports.splits import SPLITS
from labeling.access import MANAGERS, declare
from labeling.accounts.forms import show_refusal
from labeling.accounts.queries import user_of
from labeling.campaigns.models import Campaign
from labeling.campaigns.queries import campaign_of
from labeling.clock import database_now
from labeling.doorbell import ring
from labeling.errors import DomainError
from labeling.generation.texts import hash_of
from labeling.wording import LazyText, gettext, gettext_lazy

EXPORTS_A_PAGE = 20
ROWS_SHOWN = 5
# Why pairs are left out, in the words of ``Reason``, which are those of the files too.
LEFT_OUT: dict[Reason, LazyText] = {
    Reason.NOT_ENOUGH: gettext_lazy("few votes or low agreement"),
    Reason.NOT_AMONG_PAIRS: gettext_lazy("not among the pairs that are asked for"),
    Reason.BLANK_RESPONSE: gettext_lazy("blank response"),
    Reason.IDENTICAL_RESPONSES: gettext_lazy("identical responses"),
    Reason.CONTRADICTION: gettext_lazy("contradiction"),
    Reason.DUPLICATE: gettext_lazy("duplicate"),
    Reason.PROMPT_SHAPE: gettext_lazy("prompt shape"),
    Reason.UNREADABLE_TEXT: gettext_lazy("unreadable text"),
    Reason.TOO_LONG: gettext_lazy("too long"),
}


@declare(GET=MANAGERS, POST=MANAGERS)
def exports(request: HttpRequest, campaign_id: int) -> HttpResponseBase:
    """Show the campaign's exports, and take the wish for another."""
    campaign = campaign_of(request)
    form = SelectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        export = _request(request, campaign, form)
        if export is not None:
            return redirect("export", campaign_id, export.pk)
    page = {
        "form": form,
        "pairs": pairs_now(scope_of(campaign, Selection())),
        **_history(request, campaign),
    }
    status = 400 if request.method == "POST" else 200
    return render(request, "exports/exports.html", page, status=status)


def _request(request: HttpRequest, campaign: Campaign, form: SelectionForm) -> Export | None:
    try:
        export, is_new = request_export(
            campaign=campaign,
            user=user_of(request),
            selection=form.selection(),
            now=database_now(),
        )
    except DomainError as refusal:
        show_refusal(form, refusal, FORM_NAMES)
        return None
    if is_new:
        ring("exports.write_export", export_id=export.pk)
    return export


def _history(request: HttpRequest, campaign: Campaign) -> dict[str, Any]:
    page = Paginator(exports_of(campaign), EXPORTS_A_PAGE).get_page(request.GET.get("page"))
    return {
        "page": page,
        "exports": [(export, in_words(export.selection)) for export in page],
        "is_over": all(export.is_over for export in page),
    }


@declare(GET=MANAGERS)
def preview(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Say how many pairs an export would hold now, for the form as it is filled in."""
    form = SelectionForm(request.GET)
    pairs = None
    if form.is_valid():
        pairs = pairs_now(scope_of(campaign_of(request), form.selection()))
    return render(request, "exports/parts/preview.html", {"pairs": pairs, "form": form})


def _history_tag(request: HttpRequest, campaign_id: int) -> str:
    page = _history(request, campaign_of(request))["page"]
    known = [(one.pk, one.state, one.pair_count, one.has_revoked, one.withdrawn_at) for one in page]
    return hash_of(repr(known))


@declare(GET=MANAGERS)
@etag(_history_tag)
def history(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Answer the changing part of the page: the exports and their states."""
    page = _history(request, campaign_of(request))
    return render(request, "exports/parts/history.html", page)


@declare(GET=MANAGERS)
def export(request: HttpRequest, campaign_id: int, export_id: int) -> HttpResponse:
    """Show one export: its files, how to load it, its first rows and its manifest."""
    found = export_in(campaign_of(request), export_id)
    return render(request, "exports/export.html", _shown(found))


def _export_tag(request: HttpRequest, campaign_id: int, export_id: int) -> str:
    found = export_in(campaign_of(request), export_id)
    progress = f"{found.comparisons_read} {found.comparisons_total}"
    return f"{found.state} {progress} {removed_count(found)} {found.withdrawn_at}"


@declare(GET=MANAGERS)
@etag(_export_tag)
def standing(request: HttpRequest, campaign_id: int, export_id: int) -> HttpResponse:
    """Answer the changing part of the page of one export."""
    found = export_in(campaign_of(request), export_id)
    return render(request, "exports/parts/standing.html", _shown(found))


@declare(POST=MANAGERS)
def cancel(request: HttpRequest, campaign_id: int, export_id: int) -> HttpResponseBase:
    """Give up an export."""
    found = export_in(campaign_of(request), export_id)
    try:
        cancel_export(export=found, by=user_of(request), now=database_now())
    except ExportOver as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, gettext("The export is canceled."))
    return redirect("export", campaign_id, export_id)


def _shown(export: Export) -> dict[str, Any]:
    files = files_by_path(export)
    manifest = export.manifest
    left_out = manifest["counts"]["left_out"] if manifest else {}
    written = _written(manifest["counts"]) if manifest else []
    return {
        "export": export,
        "left_out": [(LEFT_OUT[Reason(reason)], rows) for reason, rows in left_out.items()],
        "snapshot_at": datetime.fromisoformat(manifest["snapshot_at"]) if manifest else None,
        "files": sorted(files.values(), key=lambda file: f"/{Config.JUDGMENTS}/" in file.path),
        "archive": files.get(ARCHIVE),
        "written": written,
        "choices": in_words(export.selection),
        "removed": removed_count(export),
        "newer": superseding(export),
        "earlier": earlier_than(export),
        "first": written[0] if written else None,
        "rows": first_rows(files.values(), ROWS_SHOWN),
    }


def _written(counts: dict[str, Any]) -> list[dict[str, Any]]:
    """Return how many rows each split of each configuration has, in order.

    The database does not keep the order of keys; before format 7 there was one configuration.
    """
    rows: dict[str, dict[str, int]] = in_order(counts.get("rows", {})) or {"": counts["splits"]}
    return [
        {"config": config, "splits": [(name, of[name]) for name in SPLITS if name in of]}
        for config, of in rows.items()
    ]


BASE = "campaigns/<int:campaign_id>/exports/"
urlpatterns = [
    path(BASE, exports, name="exports"),
    path(BASE + "preview/", preview, name="exports-preview"),
    path(BASE + "history/", history, name="exports-history"),
    path(BASE + "<int:export_id>/", export, name="export"),
    path(BASE + "<int:export_id>/cancel/", cancel, name="export-cancel"),
    path(BASE + "<int:export_id>/standing/", standing, name="export-standing"),
]

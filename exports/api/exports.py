"""Ask for exports and look at them."""

from typing import ClassVar

from django.http import HttpResponseBase
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from exports.api.selections import SelectionShape
from exports.api.unchanged import IF_NONE_MATCH, UNCHANGED, answer_if_changed
from exports.models import Export, ExportFile
from exports.queries import export_in, exports_of, removed_count, superseding
from exports.selection import read_selection
from exports.services.requests import cancel_export, request_export
from labeling.access import MANAGERS, Rule, Scope
from labeling.accounts.queries import user_of
from labeling.campaigns.queries import campaign_of
from labeling.clock import database_now
from labeling.doorbell import ring
from labeling.shapes import PageQuery, answer_page, page_of, read

TAGS = ["exports"]


class ExportOut(serializers.ModelSerializer[Export]):
    """One export; ``error`` says why a failed one holds nothing.

    After ``withdrawn_at`` its files are refused: rows of it rest on what was erased.
    """

    selection = SelectionShape()
    data_sha256 = serializers.SerializerMethodField(
        help_text="One checksum of all data files: equal for exports with the same rows."
    )

    class Meta:
        model = Export
        fields = (
            "id", "state", "selection", "comparisons_read", "comparisons_total", "pair_count",
            "error", "data_sha256", "requested_by", "created_at", "finished_at", "withdrawn_at",
        )  # fmt: skip

    def get_data_sha256(self, export: Export) -> str | None:
        """Return the checksum of a ready export, None before."""
        checksum: str | None = export.manifest.get("data_sha256")
        return checksum


class FileOut(serializers.ModelSerializer[ExportFile]):
    """One file; ``rows`` is null for files that hold none."""

    url = serializers.SerializerMethodField(help_text="Where to download it.")

    class Meta:
        model = ExportFile
        fields = ("path", "size", "sha256", "rows", "url")

    def get_url(self, file: ExportFile) -> str:
        """Return the absolute address of the file."""
        export: Export = self.context["export"]
        place = reverse("api-export-file", args=(export.campaign_id, export.pk, file.path))
        request: Request = self.context["request"]
        return str(request.build_absolute_uri(place))


class ExportDetailOut(ExportOut):
    """One export with its manifest and files."""

    manifest = serializers.DictField(help_text="As in manifest.json; empty until it is ready.")
    files = FileOut(many=True)
    removed_rows = serializers.SerializerMethodField(
        help_text="Rows that rest on what was revoked since; `removals/` lists them."
    )
    superseded_by = serializers.SerializerMethodField(
        help_text="The newest export with the same selection without these rows, if any."
    )

    class Meta:
        model = Export
        fields = (*ExportOut.Meta.fields, "manifest", "files", "removed_rows", "superseded_by")

    def get_removed_rows(self, export: Export) -> int:
        """Count the rows that are revoked now."""
        return removed_count(export)

    def get_superseded_by(self, export: Export) -> int | None:
        """Return the number of the export that took its place."""
        newer = superseding(export)
        return newer.pk if newer else None


class Exports(APIView):
    """The exports of a campaign."""

    access: ClassVar[dict[str, Rule]] = {
        "GET": MANAGERS.with_scope(Scope.EXPORT_READ),
        "POST": MANAGERS.with_scope(Scope.EXPORT_WRITE),
    }

    @extend_schema(
        operation_id="exports_list",
        summary="List the exports",
        tags=TAGS,
        parameters=[PageQuery, IF_NONE_MATCH],
        responses={200: page_of(ExportOut), 304: UNCHANGED},
    )
    def get(self, request: Request, campaign_id: int) -> HttpResponseBase:
        """List the campaign's exports, newest first."""
        read(PageQuery, request.query_params)
        page = answer_page(request, exports_of(campaign_of(request)), ExportOut)
        return answer_if_changed(request, page)

    @extend_schema(
        operation_id="exports_create",
        summary="Ask for an export",
        description="A worker writes it; look at the export until its state is `ready` or "
        "`failed`. While one with the same selection waits, that one is answered.",
        tags=TAGS,
        request=SelectionShape,
        responses={202: ExportOut},
    )
    def post(self, request: Request, campaign_id: int) -> Response:
        """Store the wish for an export and let a worker know."""
        export, is_new = request_export(
            campaign=campaign_of(request),
            user=user_of(request),
            selection=read_selection(read(SelectionShape, request.data)),
            now=database_now(),
        )
        if is_new:
            ring("exports.write_export", export_id=export.pk)
        place = reverse("api-export", args=(campaign_id, export.pk))
        return Response(ExportOut(export).data, status=202, headers={"Location": place})


class OneExport(APIView):
    """One export of a campaign."""

    access: ClassVar[dict[str, Rule]] = {"GET": MANAGERS.with_scope(Scope.EXPORT_READ)}

    @extend_schema(
        operation_id="exports_retrieve",
        summary="Look at an export",
        tags=TAGS,
        parameters=[IF_NONE_MATCH],
        responses={200: ExportDetailOut, 304: UNCHANGED},
    )
    def get(self, request: Request, campaign_id: int, export_id: int) -> HttpResponseBase:
        """Answer one export with its manifest and files."""
        export = export_in(campaign_of(request), export_id)
        context = {"request": request, "export": export}
        shown = Response(ExportDetailOut(export, context=context).data)
        return answer_if_changed(request, shown)


class CancelExport(APIView):
    """Give up an export."""

    access: ClassVar[dict[str, Rule]] = {"POST": MANAGERS.with_scope(Scope.EXPORT_WRITE)}

    @extend_schema(
        operation_id="exports_cancel",
        summary="Cancel an export",
        tags=TAGS,
        request=None,
        responses=ExportOut,
    )
    def post(self, request: Request, campaign_id: int, export_id: int) -> Response:
        """End an export that is not over; the worker that writes it stops within seconds."""
        export = export_in(campaign_of(request), export_id)
        canceled = cancel_export(export=export, by=user_of(request), now=database_now())
        return Response(ExportOut(canceled).data)

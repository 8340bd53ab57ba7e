"""Download the files of exports: whole, in parts, or not again."""

from typing import Any, ClassVar

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import parse_etags
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from exports.models import ExportFile
from exports.queries import file_in
from exports.ranges import Span, Unsatisfiable, asked_span
from exports.services.archives import read_published
from labeling.access import MANAGERS, Rule, Scope
from labeling.campaigns.queries import campaign_of

TYPES = {
    "parquet": "application/vnd.apache.parquet",
    "jsonl": "application/jsonl",
    "gz": "application/gzip",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "md": "text/markdown; charset=utf-8",
    "zip": "application/zip",
}
SENT_FOR = [
    OpenApiParameter("Range", str, OpenApiParameter.HEADER),
    OpenApiParameter("If-Range", str, OpenApiParameter.HEADER),
    OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER),
]
SENT = {
    (200, "application/octet-stream"): OpenApiTypes.BINARY,
    (206, "application/octet-stream"): OpenApiTypes.BINARY,
    304: OpenApiResponse(description="The client has it already."),
    416: OpenApiResponse(description="The range lies outside the file."),
}


class FileView(APIView):
    """A view that sends a file, whatever the client says it prefers."""

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """Accept every wish: the file is sent as it is."""
        return super().perform_content_negotiation(request, force=True)


class ExportFileView(FileView):
    """One file of a ready export; it never changes."""

    access: ClassVar[dict[str, Rule]] = {"GET": MANAGERS.with_scope(Scope.EXPORT_READ)}

    @extend_schema(
        operation_id="exports_files_retrieve",
        summary="Download a file of an export",
        description="Takes Range, If-Range, If-None-Match and HEAD; the ETag is the file's "
        "SHA-256. `archive.zip` holds all other files.",
        tags=["exports"],
        parameters=SENT_FOR,
        responses=SENT,
    )
    def get(
        self, request: Request, campaign_id: int, export_id: int, path: str
    ) -> HttpResponseBase:
        """Send the file, or the part of it that is asked for."""
        return answer_file(request, file_in(campaign_of(request), export_id, path))


def answer_file(request: Request, file: ExportFile) -> HttpResponseBase:
    """Answer a request for a file: with all of it, a part of it, or that it is known already."""
    etag = f'"{file.sha256}"'
    response = _answer(request, file, etag)
    response["ETag"] = etag
    response["Accept-Ranges"] = "bytes"
    response["X-Content-Type-Options"] = "nosniff"
    name = f"annotate-export-{file.export_id}-{file.path.replace('/', '-')}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _answer(request: Request, file: ExportFile, etag: str) -> HttpResponseBase:
    known = parse_etags(request.headers.get("If-None-Match", ""))
    if "*" in known or etag in {tag.removeprefix("W/") for tag in known}:
        return HttpResponse(status=304)
    asked, if_range = request.headers.get("Range"), request.headers.get("If-Range")
    try:
        span = asked_span(asked, if_range, etag, file.size)
    except Unsatisfiable:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{file.size}"})
    return _send(file, span)


def _send(file: ExportFile, span: Span | None) -> StreamingHttpResponse:
    part = span or Span(0, file.size)
    response = StreamingHttpResponse(
        read_published(file, part),
        status=206 if span else 200,
        content_type=TYPES[file.path.rpartition(".")[2]],
    )
    response["Content-Length"] = str(part.length)
    if span:
        response["Content-Range"] = span.content_range(file.size)
    return response

"""What of an export was revoked since, and what changed since an earlier one, row by row."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, ClassVar

import orjson
from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from exports.changes import COMPARABLE, Why
from exports.queries import export_in, refuse_withdrawn
from exports.services.comparing import changes_between
from exports.services.removing import removed_since
from labeling.access import MANAGERS, Rule, Scope
from labeling.campaigns.queries import campaign_of
from labeling.shapes import Strict, read

TAGS = ["exports"]
READS: dict[str, Rule] = {"GET": MANAGERS.with_scope(Scope.EXPORT_READ)}
LINES = "application/jsonl"


class ChangesQuery(Strict):
    """Which exports are compared, and in which configuration."""

    since = serializers.IntegerField(min_value=1, help_text="The earlier export of the campaign.")
    config = serializers.ChoiceField(
        [str(one) for one in COMPARABLE],
        default="",
        allow_blank=True,
        help_text="Without it the first configuration that both have.",
    )


class Removals(APIView):
    """The rows of one export that rest on what was revoked."""

    access: ClassVar[dict[str, Rule]] = READS

    @extend_schema(
        operation_id="exports_removals",
        summary="List the rows that were revoked since",
        description="One JSON object a line: `config`, `split`, `key` (the column by which the "
        "row is found), `id` (its value) and `revocation`. Nothing where all is in force.",
        tags=TAGS,
        responses={(200, LINES): OpenApiTypes.STR},
    )
    def get(self, request: Request, campaign_id: int, export_id: int) -> StreamingHttpResponse:
        """Stream the list in constant memory."""
        export = export_in(campaign_of(request), export_id)
        rows = (row._asdict() for row in removed_since(export))
        return in_lines(rows, f"removals-{export.pk}.jsonl")


class Changes(APIView):
    """The differences between two exports of one campaign."""

    access: ClassVar[dict[str, Rule]] = READS

    @extend_schema(
        operation_id="exports_changes",
        summary="Compare an export with an earlier one",
        description="One JSON object a line: `change` (`added`, `gone` or `changed`), `config`, "
        "`id`, `columns` (those with other values), `judgments_added`, `judgments_gone` and `why`, "
        f"one or more of {', '.join(f'`{one}`' for one in Why)}.",
        tags=TAGS,
        parameters=[ChangesQuery],
        responses={(200, LINES): OpenApiTypes.STR},
    )
    def get(self, request: Request, campaign_id: int, export_id: int) -> StreamingHttpResponse:
        """Stream the differences in constant memory."""
        campaign = campaign_of(request)
        new = export_in(campaign, export_id)
        given = read(ChangesQuery, request.query_params)
        old = export_in(campaign, given["since"])
        for export in (old, new):
            refuse_withdrawn(export)
        found = changes_between(old, new, given["config"])
        name = f"changes-{old.pk}-{new.pk}.jsonl"
        return in_lines((change.as_json() for change in found), name)


def in_lines(rows: Iterable[dict[str, Any]], name: str) -> StreamingHttpResponse:
    """Answer rows as JSON Lines; what is wrong with the first is refused before one is sent."""
    stream = iter(rows)
    first = next(stream, None)
    every = chain(() if first is None else (first,), stream)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(_lines(every), content_type=LINES, headers=headers)


def _lines(rows: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    for row in rows:
        yield orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)

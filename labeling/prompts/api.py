"""The REST API of the prompts stage: imports, their problems, and prompts."""

from typing import Any, ClassVar

from django.urls import path, reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from labeling.access import MANAGERS, REVIEWERS, Rule, Scope, takes_files
from labeling.accounts.queries import user_of
from labeling.campaigns.queries import campaign_of
from labeling.clock import database_now
from labeling.doorbell import ring
from labeling.prompts.enums import FileFormat, PromptSetState
from labeling.prompts.messages import ROLES
from labeling.prompts.models import Prompt, PromptSet, RefusedRow
from labeling.prompts.parsers import FILE_PARSERS, FileBody
from labeling.prompts.queries import (
    problems_of,
    prompt_for,
    prompt_set_for,
    prompt_sets_of,
    prompts_of,
)
from labeling.prompts.services import receive_file
from labeling.prompts.services.uploads import refuse_size
from labeling.shapes import PageQuery, Strict, answer_page, page_of, read

TAGS = ["prompts"]
READ = Scope.PROMPTS_READ
FILE_TYPES = {parser.media_type: OpenApiTypes.BINARY for parser in FILE_PARSERS}
# What multipart puts around a file: boundaries, headers and the small fields.
ENVELOPE = 64 * 1024


class PromptSetOut(serializers.Serializer[PromptSet]):
    """One import: where it stands and what became of the file's rows."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    format = serializers.ChoiceField(choices=FileFormat.choices)
    size = serializers.IntegerField(help_text="Bytes.")
    sha256 = serializers.CharField()
    state = serializers.ChoiceField(choices=PromptSetState.choices)
    error_code = serializers.CharField(help_text="Set when the file as a whole was refused.")
    error = serializers.CharField()
    checked_rows = serializers.IntegerField(help_text="Rows read so far; all of them once stored.")
    stored_rows = serializers.IntegerField()
    duplicate_rows = serializers.IntegerField()
    refused_rows = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


class FileIn(Strict):
    """A file of prompts as a form field."""

    file = serializers.FileField(allow_empty_file=True)
    format = serializers.ChoiceField(
        choices=FileFormat.choices, required=False, help_text="Found out from the file unless told."
    )
    name = serializers.CharField(required=False, max_length=200, help_text="Shown to people.")


class FileQuery(Strict):
    """What may be said about a file that is the body itself."""

    name = serializers.CharField(required=False, max_length=200, help_text="Shown to people.")


class ProblemOut(serializers.Serializer[RefusedRow]):
    """Why one row was not stored."""

    row = serializers.IntegerField(help_text="From 1; in JSON Lines the line, in CSV the record.")
    field = serializers.CharField()
    code = serializers.CharField()
    reason = serializers.CharField()
    excerpt = serializers.CharField()


class MessageOut(serializers.Serializer[Any]):
    """One turn of a conversation."""

    role = serializers.ChoiceField(choices=ROLES)
    content = serializers.CharField()


class PromptOut(serializers.Serializer[Prompt]):
    """One prompt: the conversation that models answer."""

    id = serializers.IntegerField()
    prompt_set = serializers.IntegerField(source="prompt_set_id", help_text="The import it is of.")
    messages = MessageOut(many=True)
    content_hash = serializers.CharField()
    external_id = serializers.CharField()
    tags = serializers.ListField(child=serializers.CharField())
    language = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # DRF takes fields off the class
    created_at = serializers.DateTimeField()


class PromptQuery(PageQuery):
    """Narrow the list of prompts."""

    tag = serializers.CharField(required=False)
    external_id = serializers.CharField(required=False)
    language = serializers.CharField(required=False)


@takes_files
class PromptSets(APIView):
    """The imports of a campaign."""

    parser_classes = (MultiPartParser, *FILE_PARSERS)
    access: ClassVar[dict[str, Rule]] = {
        "GET": MANAGERS.with_scope(READ),
        "POST": MANAGERS.with_scope(Scope.PROMPTS_WRITE),
    }

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse a body that is too large before any of it is read."""
        refuse_size(_length(request) - ENVELOPE)
        super().initial(request, *args, **kwargs)

    @extend_schema(
        tags=TAGS,
        operation_id="prompt_sets_list",
        summary="List imports",
        parameters=[PageQuery],
        responses=page_of(PromptSetOut),
    )
    def get(self, request: Request, campaign_id: int) -> Response:
        """Answer one page of imports, newest first."""
        read(PageQuery, request.query_params)
        return answer_page(request, prompt_sets_of(campaign_of(request)), PromptSetOut)

    @extend_schema(
        tags=TAGS,
        operation_id="prompt_sets_create",
        summary="Import a file of prompts",
        description="Send the file as the form field `file`, or as the body itself with its "
        "media type. A worker imports it: follow the import's `state`. The same file again "
        "answers 200 with the earlier import, and nothing changes.",
        parameters=[FileQuery],
        request={"multipart/form-data": FileIn, **FILE_TYPES},
        responses={202: PromptSetOut, 200: PromptSetOut},
    )
    def post(self, request: Request, campaign_id: int) -> Response:
        """Keep the file and have it imported."""
        prompt_set, created = receive_file(
            campaign=campaign_of(request),
            user=user_of(request),
            now=database_now(),
            **_given(request),
        )
        if created:
            ring("prompts.import_file", prompt_set_id=prompt_set.pk)
        where = reverse("api-prompt-set", args=[campaign_id, prompt_set.pk])
        status = 202 if created else 200
        return Response(PromptSetOut(prompt_set).data, status=status, headers={"Location": where})


def _length(request: Request) -> int:
    value = request.META.get("CONTENT_LENGTH") or "0"
    return int(value) if value.isdecimal() else 0


def _given(request: Request) -> dict[str, Any]:
    """Return name, stream and format of the file, wherever the request has them."""
    query = read(FileQuery, request.query_params)
    if isinstance(request.data, FileBody):
        body = request.data
        return {
            "name": query.get("name", f"prompts.{body.format}"),
            "stream": body.stream,
            "format": body.format,
            "size": _length(request),
        }
    fields = read(FileIn, request.data)
    file = fields["file"]
    format = FileFormat(fields["format"]) if "format" in fields else None
    name = fields.get("name") or query.get("name") or file.name
    return {"name": name, "stream": file, "format": format}


class OnePromptSet(APIView):
    """One import."""

    access: ClassVar[dict[str, Rule]] = {"GET": MANAGERS.with_scope(READ)}

    @extend_schema(
        tags=TAGS,
        operation_id="prompt_sets_retrieve",
        summary="Show an import",
        responses=PromptSetOut,
    )
    def get(self, request: Request, campaign_id: int, prompt_set_id: int) -> Response:
        """Answer where the import stands."""
        return Response(PromptSetOut(prompt_set_for(campaign_of(request), prompt_set_id)).data)


class Problems(APIView):
    """What an import refused."""

    access: ClassVar[dict[str, Rule]] = {"GET": MANAGERS.with_scope(READ)}

    @extend_schema(
        tags=TAGS,
        operation_id="prompt_sets_problems_list",
        summary="List the rows an import refused",
        description="At most 1,000 entries are kept for a file; the import's counts cover all.",
        parameters=[PageQuery],
        responses=page_of(ProblemOut),
    )
    def get(self, request: Request, campaign_id: int, prompt_set_id: int) -> Response:
        """Answer one page of problems, in the order of the file."""
        read(PageQuery, request.query_params)
        prompt_set = prompt_set_for(campaign_of(request), prompt_set_id)
        return answer_page(request, problems_of(prompt_set), ProblemOut, ordering="id")


class Prompts(APIView):
    """The prompts of a campaign."""

    access: ClassVar[dict[str, Rule]] = {"GET": REVIEWERS.with_scope(READ)}

    @extend_schema(
        tags=TAGS,
        operation_id="prompts_list",
        summary="List prompts",
        parameters=[PromptQuery],
        responses=page_of(PromptOut),
    )
    def get(self, request: Request, campaign_id: int) -> Response:
        """Answer one page of prompts, oldest first."""
        given = read(PromptQuery, request.query_params)
        filters = {key: given[key] for key in ("tag", "external_id", "language") if key in given}
        prompts = prompts_of(campaign_of(request), **filters)
        return answer_page(request, prompts, PromptOut, ordering="id")


class OnePrompt(APIView):
    """One prompt."""

    access: ClassVar[dict[str, Rule]] = {"GET": REVIEWERS.with_scope(READ)}

    @extend_schema(
        tags=TAGS, operation_id="prompts_retrieve", summary="Show a prompt", responses=PromptOut
    )
    def get(self, request: Request, campaign_id: int, prompt_id: int) -> Response:
        """Answer the prompt."""
        return Response(PromptOut(prompt_for(campaign_of(request), prompt_id)).data)


SETS = "campaigns/<int:campaign_id>/prompt-sets/"
PROMPTS = "campaigns/<int:campaign_id>/prompts/"

urlpatterns = [
    path(SETS, PromptSets.as_view(), name="api-prompt-sets"),
    path(f"{SETS}<int:prompt_set_id>/", OnePromptSet.as_view(), name="api-prompt-set"),
    path(f"{SETS}<int:prompt_set_id>/problems/", Problems.as_view(), name="api-problems"),
    path(PROMPTS, Prompts.as_view(), name="api-prompts"),
    path(f"{PROMPTS}<int:prompt_id>/", OnePrompt.as_view(), name="api-prompt"),
]

"""Make links to the files of an export, and download by them."""

from typing import Any, ClassVar

from django.http import HttpResponseBase
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from exports.api.files import SENT, SENT_FOR, FileView, answer_file
from exports.queries import export_in
from exports.services.links import MOST_HOURS, USUAL_HOURS, FileLink, link_files, linked_file
from labeling.access import MANAGERS, PUBLIC, Rule, Scope, answers_secrets
from labeling.accounts.queries import user_of
from labeling.campaigns.queries import campaign_of
from labeling.clock import database_now
from labeling.shapes import Strict, read

TAGS = ["exports"]


class LinksIn(Strict):
    """How long the links hold, and to which files they lead."""

    hours = serializers.IntegerField(default=USUAL_HOURS, min_value=1, max_value=MOST_HOURS)
    prefix = serializers.CharField(
        default="",
        allow_blank=True,
        max_length=200,
        help_text="How the paths of the files begin, as in `parquet/trl/`; empty for all files.",
    )


class LinkOut(serializers.Serializer[FileLink]):
    """A link to one file of an export."""

    path = serializers.CharField()
    url = serializers.SerializerMethodField(help_text="Where to download it, by anybody.")
    expires_at = serializers.DateTimeField()

    def get_url(self, link: FileLink) -> str:
        """Return the absolute address that needs no token."""
        place = reverse("api-export-linked-file", args=(link.signed, link.name))
        request: Request = self.context["request"]
        return str(request.build_absolute_uri(place))


class LinksOut(serializers.Serializer[Any]):
    """A link to each file asked for, in the order of their paths."""

    results = LinkOut(many=True)


@answers_secrets
class ExportLinks(APIView):
    """Links to the files of an export."""

    access: ClassVar[dict[str, Rule]] = {"POST": MANAGERS.with_scope(Scope.EXPORT_READ)}

    @extend_schema(
        operation_id="exports_links_create",
        summary="Make links to the files of an export",
        description="Whoever has such a link may download its file, without a token, until it "
        "expires; for programs that send no headers. Links end early when whoever made them no "
        "longer manages the campaign.",
        tags=TAGS,
        request=LinksIn,
        responses={201: LinksOut},
    )
    def post(self, request: Request, campaign_id: int, export_id: int) -> Response:
        """Answer a link to each file, and note that they were made."""
        given = read(LinksIn, request.data)
        export = export_in(campaign_of(request), export_id)
        links = link_files(export=export, by=user_of(request), now=database_now(), **given)
        shown = LinksOut({"results": links}, context={"request": request})
        return Response(shown.data, status=201)


class LinkedFileView(FileView):
    """One file of a ready export, for whoever holds a link to it."""

    access: ClassVar[dict[str, Rule]] = {"GET": PUBLIC}

    @extend_schema(
        operation_id="exports_links_retrieve",
        summary="Download a file by a link",
        description="As `files/`, without a token.",
        tags=TAGS,
        parameters=SENT_FOR,
        responses=SENT,
        auth=[],
    )
    def get(self, request: Request, signed_file: str, name: str) -> HttpResponseBase:
        """Send the file, or the part of it that is asked for."""
        file = linked_file(signed=signed_file, name=name, now=database_now())
        return answer_file(request, file)

"""Model servers of a campaign over REST; a key goes in and never comes out."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from labeling.access import Rule
from labeling.accounts.queries import user_of
from labeling.campaigns.queries import campaign_of
from labeling.generation.api.generators import READ, TAGS, WRITE
from labeling.generation.models import ModelServer
from labeling.generation.queries import offers
from labeling.generation.services.servers import add_server, remove_server, set_key
from labeling.shapes import PageQuery, Strict, answer_page, page_of, read


class ServerIn(Strict):
    """A model server on a host that the operator allows (MODEL_HOSTS)."""

    name = serializers.CharField(max_length=60)
    base_url = serializers.CharField(
        max_length=500, help_text="Up to what comes before `/chat/completions`."
    )
    api_key = serializers.CharField(
        required=False, allow_blank=True, max_length=1000, write_only=True,
        help_text="Sealed for this host before it is stored; nothing gives it out again.",
    )  # fmt: skip
    at_once = serializers.IntegerField(
        required=False, min_value=1, max_value=256,
        help_text="Calls that all workers together make there at a time; 8 unless told.",
    )  # fmt: skip
    a_minute = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=1_000_000,
        help_text="Calls that they begin there in any minute.",
    )  # fmt: skip
    many = serializers.BooleanField(  # type: ignore[assignment]  # DRF takes fields off the class
        required=False, help_text="Whether it takes `n`, several responses to one call."
    )


class ServerKeyIn(Strict):
    """Another key for a model server."""

    api_key = serializers.CharField(
        allow_blank=True, max_length=1000, write_only=True, help_text="Empty for none."
    )


class ServerOut(serializers.Serializer[ModelServer]):
    """A model server, without its key."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    base_url = serializers.CharField()
    has_key = serializers.BooleanField(source="sealed_key")
    at_once = serializers.IntegerField()
    a_minute = serializers.IntegerField(allow_null=True)
    many = serializers.BooleanField()  # type: ignore[assignment]  # DRF takes fields off the class
    created_at = serializers.DateTimeField()


class Servers(APIView):
    """The servers that managers named for a campaign."""

    access: ClassVar[dict[str, Rule]] = {"GET": READ, "POST": WRITE}

    @extend_schema(
        tags=TAGS,
        operation_id="servers_list",
        summary="List model servers",
        parameters=[PageQuery],
        responses=page_of(ServerOut),
    )
    def get(self, request: Request, campaign_id: int) -> Response:
        """Answer one page of servers, newest first; of a key only whether there is one."""
        read(PageQuery, request.query_params)
        return answer_page(request, offers.own_servers(campaign_of(request)), ServerOut)

    @extend_schema(
        tags=TAGS,
        operation_id="servers_create",
        summary="Add a model server",
        request=ServerIn,
        responses={201: ServerOut},
    )
    def post(self, request: Request, campaign_id: int) -> Response:
        """Store a server on a host that the operator allows."""
        server = add_server(
            campaign=campaign_of(request), by=user_of(request), **read(ServerIn, request.data)
        )
        return Response(ServerOut(server).data, status=201)


class OneServer(APIView):
    """One server."""

    access: ClassVar[dict[str, Rule]] = {"DELETE": WRITE}

    @extend_schema(
        tags=TAGS,
        operation_id="servers_destroy",
        summary="Remove a model server",
        responses={204: None},
    )
    def delete(self, request: Request, campaign_id: int, server_id: int) -> Response:
        """Remove a server with its key; runs that still need it fail and say so."""
        server = offers.server_for(campaign_of(request), server_id)
        remove_server(server=server, by=user_of(request))
        return Response(status=204)


class ServerKey(APIView):
    """The key of one server."""

    access: ClassVar[dict[str, Rule]] = {"PUT": WRITE}

    @extend_schema(
        tags=TAGS,
        operation_id="servers_key",
        summary="Set a model server's key",
        request=ServerKeyIn,
        responses=ServerOut,
    )
    def put(self, request: Request, campaign_id: int, server_id: int) -> Response:
        """Put another key in the place of the server's; an empty one takes it away."""
        server = offers.server_for(campaign_of(request), server_id)
        set_key(server=server, by=user_of(request), **read(ServerKeyIn, request.data))
        return Response(ServerOut(server).data)

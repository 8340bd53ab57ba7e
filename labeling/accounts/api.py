"""The REST API of the accounts stage: who am I, links, API tokens."""

from datetime import timedelta
from typing import Any, ClassVar

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from labeling.access import PUBLIC, SIGNED_IN, Rule, Scope, answers_secrets
from labeling.accounts.adapter import sign_in
from labeling.accounts.models import User
from labeling.accounts.queries import own_token, tokens_of, user_of
from labeling.accounts.services.links import use_link
from labeling.accounts.services.tokens import make_token, revoke_token
from labeling.accounts.tries import counted_tries
from labeling.clock import database_now
from labeling.shapes import PageQuery, Strict, answer_page, page_of, read

TAGS = ["accounts"]


class MeOut(serializers.Serializer[User]):
    """The person that the request is made by."""

    id = serializers.IntegerField()
    email = serializers.EmailField()
    display_name = serializers.CharField()
    is_operator = serializers.BooleanField(source="is_superuser")


class Me(APIView):
    """The person that the request is made by."""

    access: ClassVar[dict[str, Rule]] = {"GET": SIGNED_IN.with_scope(Scope.CAMPAIGNS_READ)}

    @extend_schema(tags=TAGS, summary="Say who the request is made by", responses=MeOut)
    def get(self, request: Request) -> Response:
        """Answer the person's own account."""
        return Response(MeOut(user_of(request)).data)


class AcceptLinkIn(Strict):
    """A single-use link; an invitation also needs a name and a password."""

    link = serializers.CharField(
        max_length=2000, help_text="The link as it was given, or its last part."
    )
    password = serializers.CharField(
        required=False, allow_blank=True, max_length=1000, trim_whitespace=False
    )
    display_name = serializers.CharField(required=False, allow_blank=True, max_length=120)


class AcceptLink(APIView):
    """Let the holder of a single-use link in."""

    access: ClassVar[dict[str, Rule]] = {"POST": PUBLIC}

    @extend_schema(
        tags=TAGS,
        summary="Use a single-use link and sign in",
        description="Answers a session cookie and a CSRF cookie; send the latter back as the "
        "X-CSRFToken header with every write.",
        request=AcceptLinkIn,
        responses=MeOut,
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Use the link up and sign the session in."""
        given = read(AcceptLinkIn, request.data)
        signed = given.pop("link").split("?")[0].rstrip("/").rpartition("/")[2]
        with counted_tries(request._request):
            user = use_link(signed=signed, now=database_now(), **given)
        sign_in(request._request, user)
        return Response(MeOut(user).data)


class TokenIn(Strict):
    """What a new token is for, and how many days it lives."""

    name = serializers.CharField(max_length=120)
    scopes = serializers.ListField(
        child=serializers.ChoiceField(choices=[scope.value for scope in Scope]), allow_empty=False
    )
    days = serializers.IntegerField(min_value=1, max_value=365, default=30)


class TokenOut(serializers.Serializer[Any]):
    """One API token, without its secret."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    prefix = serializers.CharField()
    scopes = serializers.ListField(child=serializers.CharField())
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(allow_null=True)
    revoked_at = serializers.DateTimeField(allow_null=True)


class NewTokenOut(TokenOut):
    """A token just made, with its secret: this answer alone has it."""

    secret = serializers.CharField()


@answers_secrets
class Tokens(APIView):
    """A person's own API tokens; a token cannot make or see tokens."""

    access: ClassVar[dict[str, Rule]] = {"GET": SIGNED_IN, "POST": SIGNED_IN}

    @extend_schema(
        operation_id="tokens_list",
        tags=TAGS,
        summary="List your API tokens",
        parameters=[PageQuery],
        responses=page_of(TokenOut),
    )
    def get(self, request: Request) -> Response:
        """Answer one page of tokens, newest first."""
        read(PageQuery, request.query_params)
        return answer_page(request, tokens_of(user_of(request)), TokenOut)

    @extend_schema(
        tags=TAGS, summary="Make an API token", request=TokenIn, responses={201: NewTokenOut}
    )
    def post(self, request: Request) -> Response:
        """Make a token and answer its secret, once."""
        given, now = read(TokenIn, request.data), database_now()
        token, secret = make_token(
            user=user_of(request),
            name=given["name"],
            scopes=given["scopes"],
            expires_at=now + timedelta(days=given["days"]),
            now=now,
        )
        return Response({**TokenOut(token).data, "secret": secret}, status=201)


class OneToken(APIView):
    """One of a person's own API tokens."""

    access: ClassVar[dict[str, Rule]] = {"DELETE": SIGNED_IN}

    @extend_schema(tags=TAGS, summary="Revoke an API token", responses={204: None})
    def delete(self, request: Request, token_id: int) -> Response:
        """End the token at once; it stays listed."""
        token = own_token(user_of(request), token_id)
        revoke_token(token=token, by=user_of(request), now=database_now())
        return Response(status=204)


urlpatterns = [
    path("me/", Me.as_view(), name="api-me"),
    path("links/accept/", AcceptLink.as_view(), name="api-link-accept"),
    path("tokens/", Tokens.as_view(), name="api-tokens"),
    path("tokens/<int:token_id>/", OneToken.as_view(), name="api-token"),
]

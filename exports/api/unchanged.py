"""Spare whoever looks again and again what they have seen already."""

from hashlib import sha256

from django.http import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.encoding import force_bytes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.request import Request
from rest_framework.response import Response

IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    str,
    OpenApiParameter.HEADER,
    description="The ETag of an earlier answer: 304 without a body if nothing has changed since.",
)
UNCHANGED = OpenApiResponse(description="Nothing has changed.")


def answer_if_changed(request: Request, response: Response) -> HttpResponseBase:
    """Give an answer the ETag of its bytes, or answer 304 to whoever names that one."""
    body = request.accepted_renderer.render(response.data, request.accepted_media_type)
    etag = f'"{sha256(force_bytes(body)).hexdigest()}"'
    response["ETag"] = etag
    return get_conditional_response(request._request, etag=etag, response=response) or response

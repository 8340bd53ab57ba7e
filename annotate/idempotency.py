"""Do each write of the REST API once under its Idempotency-Key, and replay its answer."""

import json
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.utils.encoding import force_str
from rest_framework.request import Request

from labeling.access import Rule, Who
from labeling.accounts.queries import user_of
from labeling.accounts.services.idempotency import LONGEST_KEY, Answer, do_once
from labeling.campaigns.queries import asked_at
from labeling.errors import DomainError, Invalid, Kind

if TYPE_CHECKING:  # DRF's views load this module, through its settings
    from rest_framework.response import Response
    from rest_framework.views import APIView

HEADER, REPLAYED = "Idempotency-Key", "Idempotency-Replayed"
READS = ("GET", "HEAD")
KEPT_HEADERS = ("Location",)
WHAT_IT_IS = (
    f"Any text of up to {LONGEST_KEY} characters, new for each new request. The same request with "
    "the same key is done once, and gets the first answer again for 24 hours."
)


class AnswerNotKept(DomainError):
    """The request was done; its answer held a secret, which is kept nowhere."""

    code = "answer_not_kept"
    kind = Kind.CONFLICT


def takes_key(view: object, rule: Rule | None, method: str) -> bool:
    """Tell whether a method of a view is a write that is done once a key.

    Whole files are not: the same file answers the earlier import. Nor are public writes, which
    are nobody's: a link lets in once anyway.
    """
    if method in READS or rule is None or Who.PUBLIC in rule.who:
        return False
    return not getattr(view, "takes_files", False)


def write_once(view: "APIView", request: Request, rule: Rule | None) -> None:
    """Let the handler that this request is for run at most once under the request's key.

    The handler and the key are one transaction; a refusal is not remembered. Without a key the
    handler runs as it is.
    """
    method, key = request.method or "", request.headers.get(HEADER, "")
    if not key or not takes_key(view, rule, method):
        return
    if len(key) > LONGEST_KEY:
        reason = f"The key is over {LONGEST_KEY} characters."
        raise Invalid(reason, fields={HEADER: [reason]})
    handler = getattr(view, method.lower())
    setattr(view, method.lower(), partial(_answer, view, handler, key))


def _answer(
    view: "APIView",
    handler: Callable[..., "Response"],
    key: str,
    request: Request,
    *args: Any,
    **kwargs: Any,
) -> HttpResponse:
    is_secret = getattr(view, "answers_secrets", False)
    answers: list[Answer] = []

    def act() -> Answer:
        answers.append(_written(view, request, handler(request, *args, **kwargs)))
        return {"secret": True} if is_secret else answers[0]

    body = json.dumps([request.method, request.get_full_path(), request.data], sort_keys=True)
    once = do_once(user=user_of(request), key=key, body=body, now=asked_at(request), act=act)
    if once.replayed and is_secret:
        raise AnswerNotKept(
            "This was done already, and its answer held a secret that is kept nowhere. "
            "Undo what it made, or ask for a new one under a new key."
        )
    return _response(once.answer if once.replayed else answers[0], replayed=once.replayed)


def _written(view: "APIView", request: Request, response: "Response") -> Answer:
    """Return an answer as it goes out: its status, its body to the byte, and where it leads."""
    render = request.accepted_renderer.render
    media_type = request.accepted_media_type
    body = render(response.data, media_type, view.get_renderer_context())
    return {
        "status": response.status_code,
        "headers": {name: response[name] for name in KEPT_HEADERS if name in response},
        "body": force_str(body),
    }


def _response(answer: Answer, *, replayed: bool) -> HttpResponse:
    headers = {**answer["headers"], **({REPLAYED: "true"} if replayed else {})}
    response = HttpResponse(
        answer["body"], "application/json", status=answer["status"], headers=headers
    )
    if not answer["body"]:
        del response["Content-Type"]
    return response

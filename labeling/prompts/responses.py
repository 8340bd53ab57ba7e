"""The ready responses of a row: what they may be, and what tells two rows' responses apart."""

from typing import Any, NotRequired, TypedDict

from labeling.prompts.json_text import BadJson, parse_json
from labeling.prompts.messages import canonical_json, hash_of_json, kind_of, read_text
from labeling.prompts.problems import Problem
from labeling.prompts.texts import flaw_of_text, flaw_of_value, showable

MOST_RESPONSES = 9
LONGEST_MODEL, LONGEST_AUTHOR = 200, 254
LARGEST_METADATA = 20_000
KEYS = frozenset({"text", "model", "metadata", "empty", "author"})


class Response(TypedDict):
    """One ready response to a prompt; ``author`` is the address of the person who wrote it."""

    text: str
    model: str
    metadata: dict[str, Any]
    author: NotRequired[str]


def hash_of_responses(responses: list[Response]) -> str:
    """Return the SHA-256 of texts and models, the same for every order of the responses."""
    return hash_of_json(sorted([response["model"], response["text"]] for response in responses))


def read_responses(value: Any, field: str, problems: list[Problem]) -> list[Response]:
    """Return the responses of a row, given as texts or as objects; note what is wrong."""
    if not isinstance(value, list):
        reason = f"This is {kind_of(value)}. Write a list of texts, or of objects with a text."
        problems.append(Problem(field, "wrong_type", reason))
        return []
    if len(value) > MOST_RESPONSES:
        reason = f"{len(value):,} responses; at most {MOST_RESPONSES} can be compared."
        problems.append(Problem(field, "too_many", f"{reason} Split them over rows."))
        return []
    read = (_response(item, f"{field}[{at}]", problems) for at, item in enumerate(value))
    responses = [response for response in read if response is not None]
    _check_distinct(responses, field, problems)
    return responses


def _response(item: Any, field: str, problems: list[Problem]) -> Response | None:
    if isinstance(item, str):
        item = {"text": item}
        text_field = field
    elif isinstance(item, dict):
        text_field = f"{field}.text"
    else:
        reason = f'This is {kind_of(item)}. Write text, or {{"text": "…", "model": "…"}}.'
        problems.append(Problem(field, "wrong_type", reason))
        return None
    before = len(problems)
    _check_keys(item, field, problems)
    author = _name(item.get("author"), f"{field}.author", LONGEST_AUTHOR, problems).lower()
    may_be_blank = item.get("empty") is True and not author
    text = read_text(item.get("text"), text_field, problems, blank=may_be_blank)
    model = _name(item.get("model"), f"{field}.model", LONGEST_MODEL, problems)
    metadata = _metadata(item.get("metadata"), f"{field}.metadata", problems)
    if text is None or len(problems) > before:
        return None
    response = Response(text=text, model=model, metadata=metadata)
    return {**response, "author": author} if author else response


def _check_keys(item: dict[Any, Any], field: str, problems: list[Problem]) -> None:
    extra = sorted(str(key) for key in item if key not in KEYS and item[key] is not None)
    if extra:
        name = showable(extra[0], 40)
        reason = f"“{name}” is not known here. Put it into metadata."
        problems.append(Problem(f"{field}.{name}", "unknown_key", reason))
    if not isinstance(item.get("empty", False), bool | None):
        reason = "Write true when the model really answered nothing, else leave it out."
        problems.append(Problem(f"{field}.empty", "wrong_type", reason))


def _name(value: Any, field: str, longest: int, problems: list[Problem]) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        problems.append(Problem(field, "wrong_type", f"This is {kind_of(value)}. Write text."))
        return ""
    problem = flaw_of_text(value, field)
    if len(value) > longest:
        reason = f"{len(value):,} characters; at most {longest} fit. Shorten the name."
        problem = Problem(field, "too_long", reason)
    if problem is not None:
        problems.append(problem)
    return value.strip()


def _metadata(value: Any, field: str, problems: list[Problem]) -> dict[str, Any]:
    """Return an object, given as such or as the JSON text of one (flat files need that)."""
    if value is None or value == "":
        return {}
    if isinstance(value, str):
        try:
            value = parse_json(value)
        except BadJson as error:
            problems.append(Problem(field, error.code, error.reason))
            return {}
    if not isinstance(value, dict):
        problems.append(Problem(field, "wrong_type", f"This is {kind_of(value)}. Write an object."))
        return {}
    problem = flaw_of_value(value, field)
    if problem is None and len(canonical_json(value)) > LARGEST_METADATA:
        reason = f"The metadata is larger than {LARGEST_METADATA:,} bytes. Keep the essential."
        problem = Problem(field, "too_long", reason)
    if problem is not None:
        problems.append(problem)
    return {} if problem is not None else value


def _check_distinct(responses: list[Response], field: str, problems: list[Problem]) -> None:
    seen: dict[tuple[str, str], int] = {}
    for at, response in enumerate(responses):
        first = seen.setdefault((response["model"], response["text"]), at)
        if first != at:
            reason = f"The same text and model as {field}[{first}]. Give each response once."
            problems.append(Problem(f"{field}[{at}]", "duplicate_candidate", reason))

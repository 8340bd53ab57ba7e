"""What rows say about prompts and responses, read for a few hundred at a time."""

from collections import defaultdict
from collections.abc import Collection
from functools import lru_cache, reduce
from itertools import islice
from operator import or_

import orjson
from django.db.models import QuerySet

from exports.messages import Message, Messages, shaped
from exports.queries.groups import places_of
from exports.queries.reading import IsAnyOf, text_of
from exports.queries.scope import Scope
from exports.records import PromptFacts, Response
from exports.selection import Selection
from exports.splits import TRAIN, split_at
from labeling.assignment.models import ComparedCandidate
from labeling.prompts.models import Prompt
from labeling.quality.queries import revoked_prompts


def takes_all_prompts(scope: Scope) -> bool:
    """Tell whether a selection leaves out no prompt of its campaign."""
    return not (scope.selection.tags or scope.has_revoked_prompts)


def taken_prompts(scope: Scope) -> QuerySet[Prompt]:
    """Return the prompts of a selection: with one of its tags, if any, and not revoked."""
    every = Prompt.objects.filter(campaign=scope.campaign)
    tagged = [every.tagged(tag) for tag in scope.selection.tags]
    found = reduce(or_, tagged) if tagged else every
    if scope.has_revoked_prompts:
        found = found.exclude(pk__in=revoked_prompts(scope.campaign).order_by().values("pk"))
    return found


def facts_of(prompts: QuerySet[Prompt], scope: Scope) -> dict[int, PromptFacts]:
    """Return what rows say about some prompts, by key."""
    rows = list(
        prompts.values_list(
            "id", text_of("messages"), "content_hash", "source", "external_id", "language",
            text_of("tags"),
        )
    )  # fmt: skip
    conversations = [_shaped(messages, scope.selection.system) for _, messages, *_ in rows]
    splits = _splits([row[0] for row in rows], scope.selection)
    turns = [turn["content"] for messages in conversations for turn in messages]
    lengths = iter(scope.tokens.of(turns))
    return {
        key: PromptFacts(
            prompt_id=key,
            messages=messages,
            content_hash=content_hash,
            source=source,
            external_id=external_id,
            language=language,
            tags=_tags(tags),
            split=splits[key],
            tokens=sum(islice(lengths, len(messages))),
        )
        for (key, _, content_hash, source, external_id, language, tags), messages in zip(
            rows, conversations, strict=True
        )
    }


def prompt_facts(prompt_ids: Collection[int], scope: Scope) -> dict[int, PromptFacts]:
    """Return what rows say about the prompts with these keys."""
    return facts_of(Prompt.objects.filter(IsAnyOf("id", prompt_ids)).order_by(), scope)


def _shaped(messages: str, system: str) -> Messages:
    turns = (Message(role=turn["role"], content=turn["content"]) for turn in orjson.loads(messages))
    return shaped(tuple(turns), system)


@lru_cache(maxsize=1024)
def _tags(tags: str) -> tuple[str, ...]:
    return tuple(orjson.loads(tags))


def _splits(prompt_ids: Collection[int], selection: Selection) -> dict[int, str]:
    """Return the split of each prompt, by its group; without shares all are in one."""
    if not selection.is_split:
        return dict.fromkeys(prompt_ids, TRAIN)
    places = places_of(prompt_ids)
    return {
        key: split_at(places[key], selection.validation_share, selection.test_share)
        for key in prompt_ids
    }


def responses_of(comparison_ids: Collection[int], scope: Scope) -> dict[int, tuple[Response, ...]]:
    """Return the responses of some comparisons, by slot."""
    slots = sorted(
        ComparedCandidate.objects.filter(IsAnyOf("comparison_id", comparison_ids))
        .order_by()
        .values_list(
            "comparison_id", "slot", "candidate_id", "candidate__text", "candidate__model_label",
            "candidate__text_hash",
        )
    )  # fmt: skip
    lengths = scope.tokens.of([slot[3] for slot in slots])
    found: dict[int, list[Response]] = defaultdict(list)
    for (comparison_id, _, key, text, model, digest), tokens in zip(slots, lengths, strict=True):
        found[comparison_id].append(Response(key, text, model, digest, tokens))
    return {comparison_id: tuple(responses) for comparison_id, responses in found.items()}

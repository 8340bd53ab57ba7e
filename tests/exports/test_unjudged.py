"""What rests on no judgment passes the gate that rows of judgments pass."""

from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

import pytest

from annotate.endpoints import Endpoint
from exports.queries.scope import Scope, scope_of
from exports.queries.unjudged import chains, prompt_rows
from exports.selection import Selection
from labeling.campaigns.models import Campaign
from labeling.clock import database_now
from labeling.generation.models import Candidate
from labeling.generation.services.constitutions import add_constitution
from labeling.generation.services.generators import Draft, add_generator
from labeling.generation.services.opening import Terms
from labeling.generation.services.revisions import request_revisions
from labeling.prompts.enums import FileFormat, PromptSetState
from labeling.prompts.models import Prompt, PromptSet
from tests.exports.traps.stage import make_tokenizer, turn
from tests.generation.conftest import Scripted, fill, says

pytestmark = pytest.mark.django_db
UNFIT = [
    [turn("user", "Hi."), turn("assistant", "Hm?")],
    [turn("user", "Hi."), turn("user", "Ho.")],
    [turn("user", " ")],
    [],
]


@pytest.fixture
def words(settings, tmp_path) -> str:
    """The name of a tokenizer for which each word is a token."""
    settings.MODELS_DIR = tmp_path / "models"
    make_tokenizer(settings.MODELS_DIR / "words")
    return "words"


def scope(campaign: Campaign, **choices: Any) -> Scope:
    return scope_of(campaign, Selection(**choices))


def add_prompts(campaign: Campaign, *conversations: list[dict[str, str]]) -> list[int]:
    """Store prompts as an older version of an import may have; return their keys."""
    prompt_set = PromptSet.objects.create(
        campaign=campaign,
        name="prompts",
        format=FileFormat.JSONL,
        sha256="0" * 64,
        size=1,
        state=PromptSetState.DONE,
        created_by=campaign.created_by,
    )
    return [
        Prompt.objects.create(
            campaign=campaign,
            prompt_set=prompt_set,
            messages=messages,
            content_hash=sha256(str(messages).encode()).hexdigest(),
            external_id=str(number),
            tags=[],
        ).pk
        for number, messages in enumerate(conversations)
    ]


def keys(rows: Iterator[Any]) -> list[int]:
    return [row.prompt.prompt_id for row in rows]


@pytest.fixture
def revised(campaign, settings) -> Callable[[], None]:
    """Have a model revise every response of the campaign once."""
    settings.MODEL_ENDPOINTS = {"lab": Endpoint("http://lab.invalid/v1", "sk-secret")}
    user = campaign.created_by

    def revise() -> None:
        draft = Draft("lab", "openai", "m", endpoint="lab")
        run = request_revisions(
            campaign=campaign,
            of=None,
            generator=add_generator(campaign=campaign, user=user, draft=draft),
            constitution=add_constitution(
                campaign=campaign, name="House", principles=["Be kind."], user=user
            ),
            rounds=1,
            terms=Terms(seed=1),
            user=user,
            now=database_now(),
        )
        fill(run, Scripted(says), clock=database_now)

    return revise


def test_prompts_that_trainers_cannot_read_are_in_no_row(campaign):
    fit, *_ = add_prompts(campaign, [turn("user", "Why?")], *UNFIT)

    assert fit in keys(prompt_rows(scope(campaign)))
    assert len(keys(prompt_rows(scope(campaign)))) == campaign.prompts.count() - len(UNFIT)


def test_prompts_that_are_too_long_are_in_no_row(campaign, words):
    short, long = add_prompts(campaign, [turn("user", "So?")], [turn("user", "so " * 40)])

    found = keys(prompt_rows(scope(campaign, tokenizer=words, max_tokens=39)))

    assert short in found
    assert long not in found


def test_chains_that_trainers_cannot_read_are_in_no_row(campaign, revised):
    revised()
    every = list(chains(scope(campaign)))
    blank, twisted, *others = every

    Candidate.objects.filter(pk=blank.revision.response_id).update(text=" ")
    Prompt.objects.filter(pk=twisted.prompt.prompt_id).update(messages=UNFIT[1])

    found = list(chains(scope(campaign)))
    assert len(every) == 6
    assert found == [one for one in others if one.prompt.prompt_id != twisted.prompt.prompt_id]
    assert found


def test_chains_that_are_too_long_are_in_no_row(campaign, revised, words):
    revised()
    first, *others = chains(scope(campaign))
    Candidate.objects.filter(pk=first.original.response_id).update(text="so " * 200)

    found = list(chains(scope(campaign, tokenizer=words, max_tokens=199)))

    assert [one.revision.response_id for one in found] == [
        one.revision.response_id for one in others
    ]

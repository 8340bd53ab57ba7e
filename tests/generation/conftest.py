"""What the generation tests stand on: a campaign with prompts, generators and models."""

from collections.abc import Callable

import pytest

from labeling.accounts.models import User
from labeling.campaigns.enums import Role
from labeling.campaigns.models import Campaign, Membership
from labeling.generation.models import Generator
from labeling.prompts.enums import FileFormat, PromptSetState
from labeling.prompts.models import Prompt, PromptSet, ReadyResponses


@pytest.fixture
def manager(db) -> User:
    return User.objects.create_user("manager@annotate.localhost")


@pytest.fixture
def campaign(manager: User) -> Campaign:
    campaign = Campaign.objects.create(name="Tone", shuffle_seed=7, created_by=manager)
    Membership.objects.create(campaign=campaign, user=manager, role=Role.MANAGER)
    return campaign


@pytest.fixture
def prompt_set(campaign: Campaign, manager: User) -> PromptSet:
    return PromptSet.objects.create(
        campaign=campaign,
        name="prompts.jsonl",
        format=FileFormat.JSONL,
        sha256="0" * 64,
        size=1,
        upload="prompts.jsonl",
        state=PromptSetState.DONE,
        created_by=manager,
    )


@pytest.fixture
def add_prompt(prompt_set: PromptSet) -> Callable[[str], Prompt]:
    def add(text: str) -> Prompt:
        return Prompt.objects.create(
            campaign_id=prompt_set.campaign_id,
            prompt_set=prompt_set,
            messages=[{"role": "user", "content": text}],
            content_hash=text,
        )

    return add


@pytest.fixture
def prompt(add_prompt: Callable[[str], Prompt]) -> Prompt:
    return add_prompt("Why is the sky blue?")


@pytest.fixture
def add_responses(prompt_set: PromptSet) -> Callable[..., ReadyResponses]:
    def add(prompt: Prompt, *texts: str, model: str = "m") -> ReadyResponses:
        row = ReadyResponses.objects.count() + 1
        return ReadyResponses.objects.create(
            prompt_set=prompt_set,
            prompt=prompt,
            row=row,
            responses=[{"text": text, "model": model, "metadata": {}} for text in texts],
            content_hash=str(row),
        )

    return add


@pytest.fixture
def generator(campaign: Campaign, manager: User) -> Generator:
    return Generator.objects.create(
        campaign=campaign,
        name="Toy",
        backend="transformers",
        model="toy-chat",
        parameters={"temperature": 0.8, "top_p": 0.95, "max_new_tokens": 32, "stop": []},
        created_by=manager,
    )

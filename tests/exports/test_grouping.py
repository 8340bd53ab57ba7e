"""Prompts that are alike are in one split, and no prompt ever changes its own."""

from collections.abc import Sequence
from hashlib import sha256
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exports.models import PromptGroup
from exports.services import grouping
from exports.services.grouping import group_prompts
from labeling.campaigns.models import Campaign
from labeling.prompts.enums import FileFormat, PromptSetState
from labeling.prompts.models import Prompt, PromptSet
from tests.exports.conftest import export_now, rows_of, vote_all
from tests.factories import make_campaign
from tests.stock import stock

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "Explain in a few sentences how photosynthesis turns light into sugar, and why it matters"


def add_prompts(campaign: Campaign, texts: Sequence[str]) -> None:
    """Store prompts as an import does; the same text once a campaign."""
    made = PromptSet.objects.create(
        campaign=campaign,
        name="set",
        format=FileFormat.JSONL,
        sha256=sha256(uuid4().bytes).hexdigest(),
        size=1,
        state=PromptSetState.DONE,
        created_by=campaign.created_by,
    )
    for text in texts:
        Prompt.objects.get_or_create(
            campaign=campaign,
            content_hash=sha256(text.encode()).hexdigest(),
            defaults={"prompt_set": made, "messages": [{"role": "user", "content": text}]},
        )


def founders(campaign: Campaign) -> dict[str, str]:
    """Return which text began the group of which."""
    groups = PromptGroup.objects.filter(campaign=campaign)
    pairs = groups.values_list("prompt__messages", "founder__messages")
    return {own[-1]["content"]: first[-1]["content"] for own, first in pairs}


def places(campaign: Campaign) -> dict[int, float]:
    return dict(PromptGroup.objects.filter(campaign=campaign).values_list("prompt_id", "place"))


def test_alike_prompts_join_the_first_of_them():
    campaign = make_campaign()
    texts = [LONG, "Write a poem about the sea.", f"{LONG}!", f"{LONG} Thanks!"]
    add_prompts(campaign, texts)

    group_prompts(campaign)

    assert founders(campaign) == {
        LONG: LONG,
        "Write a poem about the sea.": "Write a poem about the sea.",
        f"{LONG}!": LONG,
        f"{LONG} Thanks!": LONG,
    }
    assert len(set(places(campaign).values())) == 2


def test_alike_prompts_of_later_imports_join_as_well():
    campaign = make_campaign()
    add_prompts(campaign, [LONG])
    group_prompts(campaign)
    before = places(campaign)
    add_prompts(campaign, [f"{LONG}?!"])
    group_prompts(campaign)

    assert founders(campaign)[f"{LONG}?!"] == LONG
    assert before.items() <= places(campaign).items()


def test_prompts_of_other_campaigns_do_not_count():
    one, other = make_campaign(), make_campaign()
    add_prompts(one, [LONG])
    add_prompts(other, [f"{LONG}!"])
    group_prompts(one)
    group_prompts(other)

    assert founders(other) == {f"{LONG}!": f"{LONG}!"}


WORDS = st.lists(
    st.sampled_from(["tell", "me", "about", "the", "sea", "and", "sun"]), min_size=4, max_size=7
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.lists(WORDS, max_size=5), min_size=1, max_size=4))
def test_nothing_that_comes_later_moves_a_prompt(monkeypatch, imports):
    monkeypatch.setattr(grouping, "PROMPTS_AT_ONCE", 3)
    campaign = make_campaign()
    before: dict[int, float] = {}
    for texts in imports:
        add_prompts(campaign, [" ".join(words) for words in texts])
        group_prompts(campaign)
        assert before.items() <= places(campaign).items()
        before = places(campaign)
    assert len(before) == Prompt.objects.filter(campaign=campaign).count()


def test_an_export_with_splits_groups_first_and_one_without_does_not():
    campaign = make_campaign()
    stock(campaign, 3)
    vote_all(campaign, "good")

    export_now(campaign)
    assert not PromptGroup.objects.exists()
    export = export_now(campaign, validation_share=0.4)

    assert PromptGroup.objects.count() == 3
    stated = {row["prompt_id"]: row["split"] for row in rows_of(export)}
    wanted = {key: "validation" if at < 0.4 else "train" for key, at in places(campaign).items()}
    assert stated == wanted

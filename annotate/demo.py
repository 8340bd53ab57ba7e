"""The demo campaigns: real prompts and responses to rank in the first minute."""

from dataclasses import dataclass
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.db import transaction

import labeling.generation.demo
from labeling.accounts.models import AuditEvent, User
from labeling.accounts.services.audit import record_event
from labeling.assignment.services.planning import plan_comparisons
from labeling.campaigns.enums import CampaignState, Role
from labeling.campaigns.models import Campaign
from labeling.campaigns.services import add_member, create_campaign, set_state
from labeling.clock import database_now
from labeling.generation.enums import Backend
from labeling.generation.queries.offers import TOY_LABEL, TOY_MODEL
from labeling.generation.services.adoption import adopt_responses
from labeling.generation.services.generators import Draft, add_generator
from labeling.prompts.services import import_prompt_set, receive_file

MANAGER, ANNOTATOR = "manager@annotate.localhost", "annotator@annotate.localhost"
CONTENT = Path(labeling.generation.demo.__file__).parent
LOADED = "demo.loaded"
OVERLAP = 2


@dataclass(frozen=True)
class Demo:
    """One demo campaign: the name that the audit log knows it by, and what it asks."""

    key: str
    name: str
    description: str
    candidates_per_comparison: int


PAIRS = Demo(
    key="pairs",
    name="Demo: which answer is better?",
    description="Two answers to one prompt at a time: choose the better one, say how clear it is.",
    candidates_per_comparison=2,
)
RANKING = Demo(
    key="ranking",
    name="Demo: rank all answers",
    description="Up to three answers to a prompt at a time. Put them in order, the best one first.",
    candidates_per_comparison=3,
)
DEMOS = (PAIRS, RANKING)


def load(demo: Demo) -> Campaign:
    """Bring a demo campaign to where people can rank; finish what an earlier try left undone.

    A campaign loaded before is known from the audit log, whatever its manager has since made
    of it: its name, state and members stay as they are.
    """
    campaign = campaign_of_demo(demo) or _create(demo)
    path = CONTENT / "prompts.jsonl"
    with path.open("rb") as stream:
        prompt_set, _ = receive_file(
            campaign=campaign,
            user=campaign.created_by,
            name=path.name,
            stream=stream,
            now=database_now(),
        )
    import_prompt_set(prompt_set_id=prompt_set.pk, now=database_now())
    adopt_responses(prompt_set_id=prompt_set.pk, now=database_now())
    plan_comparisons(campaign_id=campaign.pk)
    return campaign


def campaign_of_demo(demo: Demo) -> Campaign | None:
    """Return the campaign of a demo, or None while it is not loaded."""
    event = AuditEvent.objects.filter(action=LOADED, data__demo=demo.key).order_by("id").first()
    if event is None:
        return None
    return Campaign.objects.filter(pk=event.data["campaign"]).first()


@transaction.atomic
def _create(demo: Demo) -> Campaign:
    manager, annotator = _person(MANAGER, "Demo manager"), _person(ANNOTATOR, "Demo annotator")
    campaign = create_campaign(
        user=manager,
        name=demo.name,
        description=demo.description,
        guideline=(CONTENT / "guideline.md").read_text(encoding="utf-8"),
        candidates_per_comparison=demo.candidates_per_comparison,
        overlap=OVERLAP,
    )
    add_member(
        campaign=campaign,
        email=annotator.email,
        role=Role.ANNOTATOR,
        by=manager,
        now=database_now(),
    )
    add_generator(
        campaign=campaign,
        user=manager,
        draft=Draft(
            TOY_LABEL,
            Backend.TRANSFORMERS,
            TOY_MODEL,
            parameters={"max_new_tokens": 96, "temperature": 0.8},
        ),
    )
    campaign = set_state(campaign=campaign, state=CampaignState.ACTIVE, by=manager)
    target = f"campaign:{campaign.pk}"
    record_event(actor=manager, action=LOADED, target=target, demo=demo.key, campaign=campaign.pk)
    return campaign


def _person(email: str, name: str) -> User:
    """Return the demo person; without a password, so that only a link lets them in."""
    user, _ = User.objects.get_or_create(
        email=email, defaults={"display_name": name, "password": make_password(None)}
    )
    return user

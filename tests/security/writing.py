"""How people and models write each text: through our services, which keep it or refuse it."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.conf import settings

from labeling.access import Scope
from labeling.accounts.services.audit import record_event
from labeling.accounts.services.links import use_link
from labeling.accounts.services.tokens import LONGEST_LIFE, make_token
from labeling.assignment.services.allocations import reallocate
from labeling.assignment.services.desks import allocation_of
from labeling.campaigns.enums import Role
from labeling.campaigns.models import Membership
from labeling.campaigns.queries import current_round
from labeling.campaigns.services import (
    add_member,
    describe_member,
    edit_campaign,
    edit_round,
    publish_guideline,
)
from labeling.clock import database_now
from labeling.generation.services.constitutions import add_constitution
from labeling.generation.services.generators import Draft, add_generator
from labeling.generation.services.opening import Terms
from labeling.generation.services.servers import add_server
from labeling.judging.models import AiJudgment, Judging
from labeling.judging.services.requests import Asked, request_judging
from labeling.prompts.models import Prompt
from labeling.quality.services.revoking import revoke
from labeling.training.enums import ObjectionState, Use
from labeling.training.models import Objection, TrainingItem, Trial
from labeling.training.services.items import edit_item
from labeling.training.services.objections import decide_objection, object_to
from tests.factories import PASSWORD, Cast
from tests.stock import stock
from tests.training.setting import aside, begin, say, shown

# Writes a text the way the product does; returns what is stored afterwards.
Write = Callable[[Cast, str], object]


def _campaign(field: str, *, listed: bool = False) -> Write:
    def write(cast: Cast, text: str) -> object:
        cast.campaign.refresh_from_db()
        version, value = cast.campaign.version, [text] if listed else text
        edit_campaign(campaign=cast.campaign, by=cast.manager, version=version, **{field: value})
        cast.campaign.refresh_from_db()
        stored = getattr(cast.campaign, field)
        return stored[0] if listed else stored

    return write


def _round(field: str) -> Write:
    def write(cast: Cast, text: str) -> object:
        round_ = edit_round(round_=current_round(cast.campaign), by=cast.manager, **{field: text})
        round_.refresh_from_db()
        return getattr(round_, field)

    return write


def _guide(cast: Cast, text: str) -> object:
    guide = publish_guideline(campaign=cast.campaign, text=text, by=cast.manager)
    guide.refresh_from_db()
    return guide.text


def _skill(cast: Cast, text: str) -> object:
    member = Membership.objects.get(campaign=cast.campaign, user=cast.annotator)
    describe_member(membership=member, by=cast.manager, now=database_now(), skills=[text])
    member.refresh_from_db()
    return member.skills[0]


def _display_name(cast: Cast, text: str) -> object:
    now, address = database_now(), f"{uuid4().hex}@annotate.localhost"
    added = add_member(
        campaign=cast.campaign, email=address, role=Role.ANNOTATOR, by=cast.manager, now=now
    )
    user = use_link(signed=str(added.link), now=now, password=PASSWORD, display_name=text)
    user.refresh_from_db()
    return user.display_name


def _token(cast: Cast, text: str) -> object:
    now = database_now()
    token, _ = make_token(
        user=cast.manager, name=text, scopes=[Scope.EXPORT_READ], expires_at=now + LONGEST_LIFE,
        now=now,
    )  # fmt: skip
    token.refresh_from_db()
    return token.name


def _audit(field: str) -> Write:
    def write(cast: Cast, text: str) -> object:
        given = {"action": "tried", "target": "text:1"}
        known = {**given, field: text} if field in given else {**given, "note": text}
        event = record_event(actor=cast.manager, **known)
        event.refresh_from_db()
        return getattr(event, field) if field in given else event.data["note"]

    return write


def _generator(field: str) -> Write:
    def write(cast: Cast, text: str) -> object:
        endpoint = next(iter(settings.MODEL_ENDPOINTS))
        given: dict[str, Any] = {"name": uuid4().hex, "model": "m"}
        given[field] = {"stop": [text]} if field == "parameters" else text
        made = add_generator(
            campaign=cast.campaign,
            user=cast.manager,
            draft=Draft(backend="openai", endpoint=endpoint, **given),
        )
        made.refresh_from_db()
        return made.parameters["stop"][0] if field == "parameters" else getattr(made, field)

    return write


def _server(cast: Cast, text: str) -> object:
    (host, *_) = settings.MODEL_HOSTS
    server = add_server(
        campaign=cast.campaign, by=cast.manager, name=text, base_url=f"https://{host}/v1"
    )
    server.refresh_from_db()
    return server.name


def _constitution(field: str) -> Write:
    def write(cast: Cast, text: str) -> object:
        value: Any = [text] if field == "principles" else text
        given = {"name": "House", "principles": ["Be kind."], field: value}
        made = add_constitution(campaign=cast.campaign, user=cast.manager, **given)
        made.refresh_from_db()
        return made.principles[0] if field == "principles" else made.name

    return write


def _standard(of_pairs: bool) -> Write:
    def write(cast: Cast, text: str) -> object:
        if not cast.campaign.comparisons.exists():
            stock(cast.campaign, 1)
        generator = cast.campaign.generators.first() or add_generator(
            campaign=cast.campaign,
            user=cast.manager,
            draft=Draft("judge", "openai", "m", endpoint=next(iter(settings.MODEL_ENDPOINTS))),
        )
        run = request_judging(
            campaign=cast.campaign,
            asked=Asked(generator=generator, standard=text),
            terms=Terms(),
            user=cast.manager,
            now=database_now(),
        )
        return (AiJudgment if of_pairs else Judging).objects.get(run=run).standard

    return write


def _allocation(field: str) -> Write:
    def write(cast: Cast, text: str) -> object:
        known = allocation_of(cast.campaign)
        known.refresh_from_db()
        value = {text: 1.0} if field == "model_weights" else text
        reallocate(campaign=cast.campaign, by=cast.manager, version=known.version, **{field: value})
        known.refresh_from_db()
        stored = getattr(known, field)
        return next(iter(stored)) if field == "model_weights" else stored

    return write


def _reason(cast: Cast, text: str) -> object:
    (item,) = TrainingItem.objects.all() or aside(cast.campaign, 1, Use.TRAINING)
    edit_item(item=item, by=cast.manager, now=database_now(), reason=text)
    item.refresh_from_db()
    return item.reason


def _objection(field: str) -> Write:
    def write(cast: Cast, text: str) -> object:
        now, given = database_now(), {"text": "No.", "reply": "Yes.", field: text}
        trial = Trial.objects.first() or _answered(cast)
        Objection.objects.all().delete()
        made = object_to(
            campaign=cast.campaign, person=cast.annotator, trial_id=trial.pk, text=given["text"],
            now=now,
        )  # fmt: skip
        decide_objection(
            objection=made, state=ObjectionState.TURNED_DOWN, reply=given["reply"], by=cast.manager,
            now=now,
        )  # fmt: skip
        made.refresh_from_db()
        return getattr(made, field)

    return write


def _revocation(cast: Cast, text: str) -> object:
    stock(cast.campaign, 1)
    made = revoke(
        campaign=cast.campaign,
        by=cast.manager,
        reason=text,
        now=database_now(),
        prompt=Prompt.objects.filter(campaign=cast.campaign).latest("id"),
    )
    made.refresh_from_db()
    return made.reason


def _answered(cast: Cast) -> Trial:
    aside(cast.campaign, 1, Use.TRAINING)
    return say(shown(begin(cast.campaign, cast.annotator, Use.TRAINING)), agrees=False)


WRITERS: dict[str, Write] = {
    "accounts.ApiToken.name": _token,
    "accounts.AuditEvent.data": _audit("data"),
    "accounts.AuditEvent.target": _audit("target"),
    "accounts.User.display_name": _display_name,
    "assignment.Allocation.anchor_model": _allocation("anchor_model"),
    "assignment.Allocation.model_weights": _allocation("model_weights"),
    "campaigns.Campaign.criteria": _campaign("criteria", listed=True),
    "campaigns.Campaign.content_warning": _campaign("content_warning"),
    "campaigns.Campaign.description": _campaign("description"),
    "campaigns.Campaign.name": _campaign("name"),
    "campaigns.Campaign.reason_tags": _campaign("reason_tags", listed=True),
    "campaigns.Guideline.text": _guide,
    "campaigns.Membership.skills": _skill,
    "campaigns.Round.checkpoint": _round("checkpoint"),
    "campaigns.Round.name": _round("name"),
    "generation.Constitution.name": _constitution("name"),
    "generation.Constitution.principles": _constitution("principles"),
    "generation.Generator.chat_template": _generator("chat_template"),
    "generation.Generator.model": _generator("model"),
    "generation.Generator.name": _generator("name"),
    "generation.Generator.parameters": _generator("parameters"),
    "generation.Generator.revision": _generator("revision"),
    "generation.Generator.system_prompt": _generator("system_prompt"),
    "generation.ModelServer.name": _server,
    "judging.AiJudgment.standard": _standard(of_pairs=True),
    "judging.Judging.standard": _standard(of_pairs=False),
    "quality.Revocation.reason": _revocation,
    "training.Objection.reply": _objection("reply"),
    "training.Objection.text": _objection("text"),
    "training.TrainingItem.reason": _reason,
}

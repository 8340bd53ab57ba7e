"""One word in every text that a person or a prompt can leave, and the search for it everywhere."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import redis
from allauth.account.models import EmailAddress
from django.apps import apps
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import models

from labeling.accounts.models import ApiToken, AuditEvent, IdempotencyKey, User
from labeling.campaigns.models import Campaign, Membership
from labeling.clock import database_now
from labeling.generation.enums import CandidateState
from labeling.generation.models import Candidate, RevisionStep
from labeling.judging.enums import Verdict
from labeling.judging.models import AiJudgment
from labeling.prompts.models import Prompt, ReadyResponses, RefusedRow
from labeling.quality.services.revoking import lift, revoke
from labeling.ranking.models import Judgment
from labeling.ranking.services.rendering import render_ahead
from labeling.training.models import Objection, TrainingItem
from tests.factories import make_bearer, signed_in
from tests.generation.conftest import NOW
from tests.security.columns import KINDS

WORD = "canary"
NOTE = {WORD: [WORD]}


def columns_with_it() -> set[str]:
    """Return every column of the database in which the word stands."""
    found = set()
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            if isinstance(field, (*KINDS, models.BinaryField)):
                values = model._base_manager.values_list(field.name, flat=True)
                if any(_has_it(value) for value in values.iterator()):
                    found.add(f"{model._meta.label}.{field.name}")
    if any(WORD in json.dumps(one.get_decoded()) for one in Session.objects.all()):
        found.add("sessions.Session.session_data")
    return found


def _has_it(value: Any) -> bool:
    text = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
    return WORD.encode() in text.lower()


def files_with_it() -> list[Path]:
    """Return every file of the product's folders that has it, but the database's own."""
    folders = {Path(settings.DATA_DIR), Path(settings.EXPORTS_DIR), Path(settings.UPLOADS_DIR)}
    files = {path for folder in folders for path in folder.rglob("*") if path.is_file()}
    return [path for path in sorted(files) if "sqlite3" not in path.name and _in_file(path)]


def _in_file(path: Path) -> bool:
    return WORD.encode() in path.read_bytes()


def keys_with_it() -> list[str]:
    """Return every key of Redis that has it, where there is one."""
    if not settings.REDIS_URL:
        return []
    return [key for key, value in _in_redis() if WORD in f"{key} {value}"]


def _in_redis() -> Iterator[tuple[str, str]]:
    server = redis.Redis.from_url(settings.REDIS_URL)
    for key in server.scan_iter():
        # As Redis keeps it, whatever kind it is: short texts stand in it as they are.
        yield str(key), str(server.dump(key))


def say_again(judgment: Judgment) -> None:
    """Answer as before, with the word in every text; the database takes no change."""
    known = {
        field.attname: getattr(judgment, field.attname)
        for field in judgment._meta.concrete_fields
        if not field.primary_key
    }
    words = {"rationale": WORD, "ideal": WORD, "ideal_slot": 0, "client": NOTE}
    Judgment(**{**known, **words, "supersedes_id": judgment.pk}).save()


def revoked_for_it(campaign: Campaign, **what: Any) -> None:
    """Revoke and lift, and revoke again, always for a reason that has it."""
    by, now = campaign.created_by, database_now()
    first = revoke(campaign=campaign, by=by, reason=WORD, now=now, **what)
    lift(revocation=first, by=by, now=now)
    revoke(campaign=campaign, by=by, reason=WORD, now=now, **what)


def plant_person(campaign: Campaign, person: User) -> None:
    """Have a person leave the word wherever they can."""
    User.objects.filter(pk=person.pk).update(display_name=WORD, email=f"{WORD}@annotate.localhost")
    person.refresh_from_db()
    EmailAddress.objects.create(user=person, email=f"{WORD}.old@annotate.localhost")
    make_bearer(person)
    ApiToken.objects.filter(user=person).update(name=WORD)
    IdempotencyKey.objects.create(
        user=person, key=WORD, answer=json.dumps({"name": WORD}), created_at=NOW
    )
    Membership.objects.filter(user=person).update(languages=[WORD], skills=[WORD])
    signed_in(person)
    _half_signed_in(person.email)
    LogEntry.objects.create(
        user=campaign.created_by, content_type=ContentType.objects.get_for_model(User),
        object_id=str(person.pk), object_repr=person.email, action_flag=CHANGE,
        change_message=WORD,
    )  # fmt: skip
    AuditEvent.objects.create(action="user.changed", target=f"user:{person.pk}", data=NOTE)
    for judgment in Judgment.objects.filter(annotator=person):
        say_again(judgment)
    Objection.objects.filter(trial__attempt__person=person).update(text=WORD, reply=WORD)
    _refuse(campaign, f"Nobody has the address {person.email}.", person.email)
    revoked_for_it(campaign, annotator=person)


def _half_signed_in(address: str) -> None:
    session = SessionStore()
    session["account_login"] = {"email": address}
    session.create()


def _refuse(campaign: Campaign, reason: str, excerpt: str) -> None:
    RefusedRow.objects.create(
        prompt_set=campaign.prompt_sets.all()[0], row=1, code="x", reason=reason, excerpt=excerpt
    )


def plant_prompt(campaign: Campaign, prompt: Prompt) -> None:
    """Have a prompt hold the word in everything that was ever made of it."""
    Prompt.objects.filter(pk=prompt.pk).update(
        messages=[{"role": "user", "content": WORD}], external_id=WORD, source=WORD, tags=[WORD],
        language=WORD,
    )  # fmt: skip
    own = Candidate.objects.filter(prompt=prompt)
    own.update(text=WORD, metadata=NOTE, parameters=NOTE, error=WORD)
    own.filter(pk=own[0].pk).update(response_id=WORD)
    ReadyResponses.objects.filter(prompt=prompt).update(responses=[{"text": WORD}])
    RevisionStep.objects.create(
        candidate=own[0], number=1, principle=WORD, text=WORD, seed=1, model_label="m",
        latency_ms=1, created_at=NOW,
    )  # fmt: skip
    render_ahead(campaign_id=campaign.pk)
    for judgment in Judgment.objects.filter(comparison__prompt=prompt):
        say_again(judgment)
    _plant_verdicts(prompt)
    TrainingItem.objects.filter(comparison__prompt=prompt).update(reason=WORD)
    Objection.objects.filter(trial__item__comparison__prompt=prompt).update(text=WORD, reply=WORD)
    body = json.dumps({"messages": [{"content": WORD}]})
    IdempotencyKey.objects.create(
        user=campaign.created_by, key="k", answer=json.dumps({"body": body}), created_at=NOW
    )
    _refuse(campaign, f"Another prompt has the external id {WORD}.", WORD)
    revoked_for_it(campaign, prompt=prompt)


def _plant_verdicts(prompt: Prompt) -> None:
    done, failed = AiJudgment.objects.filter(comparison__prompt=prompt).order_by("pk")[:2]
    AiJudgment.objects.filter(pk=done.pk).update(
        state=CandidateState.DONE, forward=Verdict.FIRST, backward=Verdict.FIRST,
        outcome=Verdict.FIRST, prompt_hash="0" * 64, answers=NOTE, parameters=NOTE,
    )  # fmt: skip
    AiJudgment.objects.filter(pk=failed.pk).update(state=CandidateState.FAILED, error=WORD)

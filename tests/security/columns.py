"""Every column that can hold text: how hostile text is put there, or why nobody can write it."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.db import models

KINDS = (models.CharField, models.TextField, models.JSONField, models.FileField)
# How the value of a column is made of texts, of all of them glued together, and of what was there.
Shape = Callable[[list[str], str, Any], Any]


def text_columns() -> Iterator[tuple[str, models.Field]]:
    """Yield every column of every table that can hold text, unless it is one of set choices."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            if isinstance(field, KINDS) and not field.choices:
                yield f"{model._meta.label}.{field.name}", field


def column(label: str) -> tuple[type[models.Model], str]:
    """Return the model and the name of the field that a label names."""
    model, _, name = label.rpartition(".")
    return apps.get_model(model), name


def _text(texts: list[str], glued: str, was: Any) -> Any:
    return glued


def _listed(texts: list[str], glued: str, was: Any) -> Any:
    return texts


def _named(texts: list[str], glued: str, was: Any) -> Any:
    return {"note": glued, glued: [glued]}


def _said(texts: list[str], glued: str, was: Any) -> Any:
    return [{"role": role, "content": glued} for role in ("system", "user", "assistant", "user")]


def _responses(texts: list[str], glued: str, was: Any) -> Any:
    return [{"text": glued, "model": glued, "metadata": {glued: glued}} for _ in was]


def _recipe(texts: list[str], glued: str, was: Any) -> Any:
    return {"temperature": glued, "top_p": glued, "max_new_tokens": glued, "stop": texts}


def _criteria(texts: list[str], glued: str, was: Any) -> Any:
    return dict.fromkeys(texts)


def _manifest(texts: list[str], glued: str, was: Any) -> Any:
    return {**was, "campaign": {**was["campaign"], "name": glued}} if was else was


def _path(texts: list[str], glued: str, was: Any) -> Any:
    """Keep the two files that the page of an export looks up; an address has one line."""
    kept = was in ("archive.zip", "jsonl/trl/train-00000-of-00001.jsonl")
    return was if kept else re.sub(r"\s", " ", glued)


OPEN: dict[str, Shape] = {
    "account.EmailAddress.email": _text,
    "accounts.ApiToken.name": _text,
    "accounts.AuditEvent.action": _text,
    "accounts.AuditEvent.data": _named,
    "accounts.AuditEvent.target": _text,
    "accounts.IdempotencyKey.answer": _text,
    "accounts.IdempotencyKey.key": _text,
    "accounts.User.display_name": _text,
    "accounts.User.email": _text,
    "admin.LogEntry.change_message": _text,
    "admin.LogEntry.object_repr": _text,
    "assignment.Allocation.anchor_model": _text,
    "assignment.Allocation.model_weights": lambda texts, glued, was: dict.fromkeys(texts, 1),
    "assignment.Lane.language": _text,
    "assignment.Lane.skills": _text,
    "campaigns.Campaign.content_warning": _text,
    "campaigns.Campaign.criteria": _listed,
    "campaigns.Campaign.description": _text,
    "campaigns.Campaign.name": _text,
    "campaigns.Campaign.reason_tags": _listed,
    "campaigns.Guideline.text": _text,
    "campaigns.Membership.languages": _listed,
    "campaigns.Membership.skills": _listed,
    "campaigns.Round.checkpoint": _text,
    "campaigns.Round.name": _text,
    "exports.Export.error": _text,
    "exports.Export.manifest": _manifest,
    "exports.ExportFile.path": _path,
    "generation.Candidate.error": lambda texts, glued, was: f"{glued}\n{glued}",
    "generation.Candidate.finish_reason": _text,
    "generation.Candidate.metadata": _named,
    "generation.Candidate.model_label": _text,
    "generation.Candidate.model_revision": _text,
    "generation.Candidate.parameters": _recipe,
    "generation.Candidate.response_id": _text,
    "generation.Candidate.text": _text,
    "generation.Constitution.name": _text,
    "generation.Constitution.principles": _listed,
    "generation.Generator.chat_template": _text,
    "generation.Generator.endpoint": _text,
    "generation.Generator.model": _text,
    "generation.Generator.name": _text,
    "generation.Generator.parameters": _recipe,
    "generation.Generator.revision": _text,
    "generation.Generator.system_prompt": _text,
    "generation.ModelServer.name": _text,
    "judging.AiJudgment.answers": lambda texts, glued, was: {"forward": glued, "backward": glued},
    "judging.AiJudgment.error": lambda texts, glued, was: f"{glued}\n{glued}",
    "judging.AiJudgment.model_label": _text,
    "judging.AiJudgment.model_revision": _text,
    "judging.AiJudgment.parameters": _recipe,
    "judging.AiJudgment.standard": _text,
    "judging.Judging.standard": _text,
    "generation.RevisionStep.finish_reason": _text,
    "generation.RevisionStep.model_label": _text,
    "generation.RevisionStep.model_revision": _text,
    "generation.RevisionStep.principle": _text,
    "generation.RevisionStep.text": _text,
    "prompts.Prompt.external_id": _text,
    "prompts.Prompt.language": _text,
    "prompts.Prompt.messages": _said,
    "prompts.Prompt.source": _text,
    "prompts.Prompt.tags": _listed,
    "prompts.PromptSet.error": _text,
    "prompts.PromptSet.error_code": _text,
    "prompts.PromptSet.name": _text,
    "prompts.ReadyResponses.responses": _responses,
    "prompts.RefusedRow.code": _text,
    "prompts.RefusedRow.excerpt": _text,
    "prompts.RefusedRow.field": _text,
    "prompts.RefusedRow.reason": _text,
    "ranking.Judgment.client": _named,
    "ranking.Judgment.criteria": _criteria,
    "ranking.Judgment.ideal": _text,
    "ranking.Judgment.rationale": _text,
    "ranking.Judgment.reason_tags": _listed,
    "quality.Revocation.reason": _text,
    "quality.Revocation.source": _text,
    "training.Objection.reply": _text,
    "training.Objection.text": _text,
    "training.TrainingItem.reason": _text,
}
NUMBERS = "numbers and ids, never text"
DIGEST = "a digest"
OURS = "a constant of ours"
CURRENCY = "three capital letters; a test of pay refuses others"
LIBRARY = "a library's own table, which nothing of ours fills with text of people"
RENDERED = "what the renderer made of other columns; made anew for each test"
SHUT = {
    "account.EmailConfirmation.key": "drawn at random",
    "accounts.AccessLink.digest": DIGEST,
    "accounts.ApiToken.digest": DIGEST,
    "accounts.ApiToken.prefix": "the first letters of what was drawn at random",
    "accounts.ApiToken.scopes": "names of scopes; a test of tokens refuses any other",
    "accounts.Erasure.target": "the number of a row",
    "accounts.IdempotencyKey.body_digest": DIGEST,
    "accounts.User.language": "the code of a language; a test of languages refuses others",
    "accounts.User.password": "a salted hash",
    "admin.LogEntry.object_id": "the number of a row",
    "assignment.Allocation.fitted": "the policy, spelled by us",
    "assignment.Assignment.display_order": NUMBERS,
    "assignment.Comparison.candidate_key": DIGEST,
    "assignment.Comparison.gold": NUMBERS,
    "assignment.Comparison.tally": NUMBERS,
    "assignment.Desk.places": NUMBERS,
    "auth.Group.name": LIBRARY,
    "auth.Permission.codename": LIBRARY,
    "auth.Permission.name": LIBRARY,
    "campaigns.Campaign.currency": CURRENCY,
    "campaigns.PayRate.currency": CURRENCY,
    "contenttypes.ContentType.app_label": LIBRARY,
    "contenttypes.ContentType.model": LIBRARY,
    "exports.Export.selection": "figures and names of policies; a test of exports refuses others",
    "exports.ExportFile.sha256": DIGEST,
    "exports.WithdrawnRow.config": OURS,
    "exports.WithdrawnRow.key": OURS,
    "exports.WithdrawnRow.row": NUMBERS,
    "exports.WithdrawnRow.split": OURS,
    "generation.Candidate.flaws": "names of flaws, ours",
    "generation.Candidate.template_hash": DIGEST,
    "generation.Candidate.text_hash": DIGEST,
    "generation.Generator.adapter": "the name of a folder that an operator put there",
    "generation.Generator.device": "one of a few words; a test of generators refuses any other",
    "judging.AiJudgment.prompt_hash": DIGEST,
    "judging.AiJudgment.template_hash": DIGEST,
    "generation.ModelHost.name": "a host of MODEL_ENDPOINTS",
    "generation.ModelServer.base_url": "an address on a host that the operator allows",
    "generation.ModelServer.sealed_key": "sealed; a test of servers gives none out",
    "generation.GenerationRun.unchecked": "names of flaws; a test of runs refuses any other",
    "prompts.Prompt.content_hash": DIGEST,
    "prompts.PromptSet.sha256": DIGEST,
    "prompts.PromptSet.upload": "a file name drawn at random",
    "prompts.ReadyResponses.content_hash": DIGEST,
    "ranking.Judgment.display_order": NUMBERS,
    "ranking.Judgment.flags": "names of flags; a test of answers refuses any other",
    "ranking.Judgment.ranks": NUMBERS,
    "ranking.RenderedCandidate.html": RENDERED,
    "ranking.RenderedCandidate.version": OURS,
    "ranking.RenderedPrompt.html": RENDERED,
    "ranking.RenderedPrompt.version": OURS,
    "ranking.RenderedUpTo.version": OURS,
    "sessions.Session.session_data": "signed, and ours",
    "sessions.Session.session_key": "drawn at random",
    "training.Trial.display_order": NUMBERS,
    "training.Trial.ranks": NUMBERS,
}

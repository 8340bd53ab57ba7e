"""The pages of prompts and imports."""

import json
from typing import Any

from labeling.campaigns.models import Campaign
from labeling.clock import database_now
from labeling.prompts.enums import PromptSetState
from labeling.prompts.models import PromptSet
from labeling.prompts.services import import_prompt_set
from tests.screens.screen import Place, Visit, manage
from tests.screens.world import bring, found, upload

PROMPTS = Place("prompts", "prompts", "Prompts")
IMPORT = Place("prompt-import", "import", "Importing prompts")
FAULTY = (
    json.dumps({"prompt": "How do I boil an egg?", "candidates": ["Seven minutes.", "Ten."]}),
    json.dumps({"prompt": "How do I boil an egg?", "candidates": ["Seven minutes.", "Ten."]}),
    json.dumps({"prompt": ""}),
    json.dumps({"prompt": "Why is the sky blue?", "tags": "physics"}),
    json.dumps({"messages": [{"role": "bot", "content": "Hello"}]}),
    json.dumps({"prompt": "Name a prime.", "candidates": ["Seven", "Seven"]}),
    '{"prompt": "cut off he',
)


@PROMPTS.state("empty", "None yet")
def prompts_empty(visit: Visit) -> None:
    manage(visit, found(), "prompts/")


@PROMPTS.state("list", "What was imported")
def prompts_list(visit: Visit) -> None:
    campaign = found()
    bring(campaign, "demo-001", "demo-008", "demo-017", "demo-024", "demo-031")
    manage(visit, campaign, "prompts/")


@PROMPTS.state("one", "A conversation with its responses", route="prompt")
def prompts_one(visit: Visit) -> None:
    campaign = found()
    bring(campaign, "demo-020")
    manage(visit, campaign, "prompts/1/")


@IMPORT.state("first", "Before the first file")
def import_first(visit: Visit) -> None:
    manage(visit, found(), "prompts/import/")


@IMPORT.state("earlier", "With earlier imports")
def import_earlier(visit: Visit) -> None:
    campaign = found()
    bring(campaign, "demo-001", "demo-008")
    _import(campaign, FAULTY)
    _import(campaign, ["[]"], name="not-rows.jsonl")
    upload(campaign, "waiting.jsonl", FAULTY[:1])
    manage(visit, campaign, "prompts/import/")


@IMPORT.state("refused", "No file was chosen")
def import_refused(visit: Visit) -> None:
    campaign = found()
    page = visit(campaign.created_by)
    page.goto(f"/campaigns/{campaign.pk}/prompts/import/")
    page.get_by_role("button", name="Check and import").click()


@IMPORT.state("waiting", "The file waits for a worker", route="prompt-set")
def import_waiting(visit: Visit) -> None:
    _follow(visit, {})


@IMPORT.state("checking", "The whole file is checked first", route="prompt-set")
def import_checking(visit: Visit) -> None:
    _follow(visit, {"state": PromptSetState.CHECKING, "checked_rows": 4_200})


@IMPORT.state("storing", "Rows are stored", route="prompt-set")
def import_storing(visit: Visit) -> None:
    counts = {"checked_rows": 12_000, "stored_rows": 7_150, "duplicate_rows": 50}
    _follow(visit, {"state": PromptSetState.STORING, **counts})


def _follow(visit: Visit, standing: dict[str, Any]) -> None:
    campaign = found()
    given = upload(campaign, "everyday.jsonl", FAULTY[:1])
    PromptSet.objects.filter(pk=given.pk).update(**standing)
    manage(visit, campaign, f"prompt-sets/{given.pk}/")


@IMPORT.state("done", "All rows are in", route="prompt-set")
def import_done(visit: Visit) -> None:
    campaign = found()
    manage(visit, campaign, f"prompt-sets/{bring(campaign, 'demo-001', 'demo-008').pk}/")


@IMPORT.state("errors", "Each refused row with its number and the reason", route="prompt-set")
def import_errors(visit: Visit) -> None:
    campaign = found()
    manage(visit, campaign, f"prompt-sets/{_import(campaign, FAULTY).pk}/")


@IMPORT.state("failed", "A file that cannot be read", route="prompt-set")
def import_failed(visit: Visit) -> None:
    campaign = found()
    broken = _import(campaign, ["\0\1\2"], name="broken.parquet")
    manage(visit, campaign, f"prompt-sets/{broken.pk}/")


def _import(
    campaign: Campaign, lines: list[str] | tuple[str, ...], name: str = "mixed.jsonl"
) -> PromptSet:
    given = upload(campaign, name, lines)
    return import_prompt_set(prompt_set_id=given.pk, now=database_now())

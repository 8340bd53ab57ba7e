"""Fill an empty database with one campaign and its people; print what a bench needs to know.

Runs as a process of its own under the settings of that database: ``python -m bench.assign.stock
100000 369``. The rows are those that an import, a run of a generator, the planner and the renderer
leave behind, with their own keys and places in the queue, written in bulk.
"""

import json
import sys
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.models import Model  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench.assign.crew import OVERLAP  # noqa: E402
from labeling.accounts.models import User  # noqa: E402
from labeling.assignment.designs import candidate_key, queue_position  # noqa: E402
from labeling.assignment.lanes import Needs  # noqa: E402
from labeling.assignment.models import ComparedCandidate, Comparison, Lane  # noqa: E402
from labeling.assignment.services.desks import new_desks  # noqa: E402
from labeling.assignment.services.lanes import lane_for  # noqa: E402
from labeling.assignment.services.shares import share_out  # noqa: E402
from labeling.campaigns.enums import CampaignState, Role  # noqa: E402
from labeling.campaigns.models import Campaign, Membership  # noqa: E402
from labeling.campaigns.queries import current_round  # noqa: E402
from labeling.campaigns.services.editing import create_campaign, set_state  # noqa: E402
from labeling.generation.enums import (  # noqa: E402
    Backend,
    CandidateSource,
    CandidateState,
    GroupState,
)
from labeling.generation.models import (  # noqa: E402
    Candidate,
    CandidateGroup,
    GenerationRun,
    Generator,
    RunPart,
)
from labeling.generation.texts import hash_of  # noqa: E402
from labeling.prompts.enums import FileFormat, PromptSetState  # noqa: E402
from labeling.prompts.models import Prompt, PromptSet  # noqa: E402
from labeling.ranking.models import RenderedCandidate, RenderedPrompt  # noqa: E402
from labeling.ranking.rendering import VERSION, render  # noqa: E402

RESPONSES = 5  # which make ten pairs a prompt
PAIRS = list(combinations(range(RESPONSES), 2))
STAND_IN = 7777  # for a prompt's number, in HTML that is the same but for it
ASKED = "Question {}: which way is **shorter**, and how would you find out?"
TEXT = """**Number {number}** of {prompt}: take the *shorter* way where there is one.

1. Write `place = {number}` down before you start.
2. Ask twice, and keep what both answers say.

Nothing here is the same as in response {number} to any other question."""


def main() -> None:
    """Fill the database; print the campaign, its people and their sessions as JSON."""
    size, people = int(sys.argv[1]), int(sys.argv[2])
    _without_triggers()
    campaign = _campaign()
    _questions(campaign, size // len(PAIRS))
    lane = lane_for(current_round(campaign), Needs())
    _comparisons(campaign, lane, size)
    sessions = _people(campaign, people)
    share_out(campaign_id=campaign.pk)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    print(json.dumps({"campaign": campaign.pk, "lane": lane.pk, "sessions": sessions}))


def _without_triggers() -> None:
    """Leave the checks of foreign keys out, if this role may: the rows are right as they are."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('session_replication_role', 'replica', false) "
            "FROM pg_roles WHERE rolname = current_user AND rolsuper"
        )


def _campaign() -> Campaign:
    manager = User.objects.create_user("manager@annotate.localhost")
    campaign = create_campaign(
        user=manager, name="Bench", guideline="Which answer is better?", overlap=OVERLAP
    )
    return set_state(campaign=campaign, state=CampaignState.ACTIVE, by=manager)


def _questions(campaign: Campaign, prompts: int) -> None:
    """Store prompts with their responses and groups; ids count from 1, in order."""
    made = {"created_at": timezone.now()}
    by = campaign.created_by
    prompt_set = PromptSet.objects.create(
        campaign=campaign,
        format=FileFormat.JSONL,
        size=1,
        state=PromptSetState.DONE,
        created_by=by,
    )
    generator = Generator.objects.create(
        campaign=campaign, name="toy", backend=Backend.TRANSFORMERS, model="toy", created_by=by
    )
    run = GenerationRun.objects.create(campaign=campaign, seed=1, requested_by=by)
    part = RunPart.objects.create(
        run=run, position=0, generator=generator, per_prompt=RESPONSES, first_sample=0, seed=1
    )
    numbers = range(1, prompts + 1)
    copy(
        Prompt(campaign=campaign, prompt_set=prompt_set, **made),
        ("id", "messages", "content_hash", "external_id"),
        ((n, _messages(n), hash_of(f"prompt {n}"), f"row-{n}") for n in numbers),
    )
    copy(
        CandidateGroup(run=run, state=GroupState.PLANNED),
        ("id", "prompt_id"),
        ((n, n) for n in numbers),
    )
    copy(
        Candidate(
            run=run,
            part=part,
            source=CandidateSource.MODEL,
            state=CandidateState.DONE,
            model_label="toy",
            **made,
        ),
        ("id", "prompt_id", "sample", "text", "text_hash"),
        (
            (_candidate(n, at), n, at, text, hash_of(text))
            for n in numbers
            for at in range(RESPONSES)
            for text in [_text(n, at)]
        ),
    )
    _rendered(numbers)


def _rendered(numbers: range) -> None:
    """Store the HTML that a worker makes ahead: that of one, with the numbers of each put in."""
    asked = render(ASKED.format(STAND_IN))
    answered = [render(_text(STAND_IN, at)) for at in range(RESPONSES)]
    copy(
        RenderedPrompt(version=VERSION),
        ("prompt_id", "html"),
        ((n, json.dumps([asked.replace(str(STAND_IN), str(n))])) for n in numbers),
    )
    copy(
        RenderedCandidate(version=VERSION),
        ("candidate_id", "html"),
        (
            (_candidate(n, at), html.replace(str(STAND_IN), str(n)))
            for n in numbers
            for at, html in enumerate(answered)
        ),
    )


def _text(prompt: int, at: int) -> str:
    return TEXT.format(number=at, prompt=f"question {prompt}")


def _messages(number: int) -> str:
    return json.dumps([{"role": "user", "content": ASKED.format(number)}])


def _candidate(prompt: int, at: int) -> int:
    return (prompt - 1) * RESPONSES + at + 1


def _comparisons(campaign: Campaign, lane: Lane, size: int) -> None:
    """Store every pair of a prompt's responses as a comparison, in its place in the queue."""
    overlap = campaign.overlap
    copy(
        Comparison(
            campaign=campaign,
            lane=lane,
            size=2,
            wanted=overlap,
            open_slots=overlap,
            created_at=timezone.now(),
        ),
        ("id", "prompt_id", "group_id", "candidate_key", "position"),
        (
            (number, prompt, prompt, key, queue_position(key, seed=campaign.shuffle_seed))
            for number, prompt, pair in _pairs(size)
            for key in [candidate_key([_candidate(prompt, at) for at in pair])]
        ),
    )
    copy(
        ComparedCandidate(),
        ("id", "comparison_id", "candidate_id", "slot"),
        (
            (2 * number - 1 + slot, number, _candidate(prompt, at), slot)
            for number, prompt, pair in _pairs(size)
            for slot, at in enumerate(pair)
        ),
    )


def _pairs(size: int) -> Iterable[tuple[int, int, tuple[int, int]]]:
    """Yield the number, the prompt and the places of the two responses of each comparison."""
    for index in range(size):
        prompt, pair = divmod(index, len(PAIRS))
        yield index + 1, prompt + 1, PAIRS[pair]


def _people(campaign: Campaign, count: int) -> dict[int, str]:
    """Store members of the campaign with a desk and a session each; return both by their id."""
    users = User.objects.bulk_create(
        User(email=f"annotator{n}@annotate.localhost", password="!") for n in range(count)
    )
    Membership.objects.bulk_create(
        Membership(campaign=campaign, user=user, role=Role.ANNOTATOR) for user in users
    )
    new_desks(campaign.pk, [user.pk for user in users])
    return {user.pk: _session(user) for user in users}


def _session(user: User) -> str:
    """Sign a person in, as the sign-in page does after the password; return the cookie."""
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client.cookies["sessionid"].value


def copy(sample: Model, names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Store rows that are like ``sample`` but for the columns named, and move its ids on."""
    model = type(sample)
    same = {
        field.column: field.get_db_prep_save(getattr(sample, field.attname), connection)
        for field in model._meta.concrete_fields
        if field.column not in names
    }
    given = [value.dumps(value.obj) if hasattr(value, "obj") else value for value in same.values()]
    table = model._meta.db_table
    with connection.cursor() as cursor:
        quoted = ", ".join(f'"{name}"' for name in [*names, *same])
        with cursor.copy(f"COPY {table} ({quoted}) FROM STDIN") as target:
            for row in rows:
                target.write_row([*row, *given])
        if model._meta.pk.name == "id":
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
            )


if __name__ == "__main__":
    main()

"""Fill a new database, which has its administrator, with judged pairs; print the campaign.

Runs as a process of its own under the settings of that database: ``python -m bench.export.stock
1000000``. The rows are those that an import, the planner and annotators leave behind, in bulk.
"""

import json
import random
import sys
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

import django

django.setup()

from django.db import connection  # noqa: E402

from bench.assign.stock import copy  # noqa: E402
from bench.client import ADMINISTRATOR  # noqa: E402
from exports.services.pseudonyms import name_people  # noqa: E402
from labeling.accounts.models import User  # noqa: E402
from labeling.assignment.designs import candidate_key, queue_position  # noqa: E402
from labeling.assignment.enums import AssignmentState, Kind  # noqa: E402
from labeling.assignment.lanes import Needs  # noqa: E402
from labeling.assignment.models import (  # noqa: E402
    Assignment,
    ComparedCandidate,
    Comparison,
    Desk,
)
from labeling.assignment.services.desks import new_desks  # noqa: E402
from labeling.assignment.services.lanes import lane_for  # noqa: E402
from labeling.campaigns.models import Campaign  # noqa: E402
from labeling.campaigns.queries import current_round  # noqa: E402
from labeling.campaigns.services.editing import create_campaign  # noqa: E402
from labeling.generation.enums import CandidateSource, CandidateState, GroupState  # noqa: E402
from labeling.generation.models import Candidate, CandidateGroup, GenerationRun  # noqa: E402
from labeling.generation.texts import hash_of  # noqa: E402
from labeling.prompts.enums import FileFormat, PromptSetState  # noqa: E402
from labeling.prompts.models import Prompt, PromptSet  # noqa: E402
from labeling.ranking.enums import Outcome  # noqa: E402
from labeling.ranking.models import Judgment  # noqa: E402

ANNOTATORS = 50
# Words of a prompt and of a response: with what is known about the pair some 1.5 kB a row.
ASKED, ANSWERED = 30, 75
NOW = datetime(2026, 11, 1, tzinfo=UTC)


def main() -> None:
    """Fill the database with as many pairs as are asked for."""
    size = int(sys.argv[1])
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # the rows are right as they are
    manager = User.objects.get(email=ADMINISTRATOR)
    campaign = create_campaign(user=manager, name="Bench", guideline="Which is better?", overlap=1)
    _texts(campaign, size)
    _comparisons(campaign, size)
    _judgments(campaign, size)
    name_people(campaign)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    print(json.dumps({"campaign": campaign.pk}))


def _texts(campaign: Campaign, size: int) -> None:
    prompt_set = PromptSet.objects.create(
        campaign=campaign,
        format=FileFormat.JSONL,
        size=1,
        state=PromptSetState.DONE,
        created_by=campaign.created_by,
    )
    words = _words(random.Random(1))
    copy(
        Prompt(campaign=campaign, prompt_set=prompt_set, source="bench", created_at=NOW),
        ("id", "messages", "content_hash", "external_id"),
        (
            (n, json.dumps([{"role": "user", "content": next(words)}]), hash_of(str(n)), str(n))
            for n in range(1, size + 1)
        ),
    )
    run = GenerationRun.objects.create(campaign=campaign, seed=1, requested_by=campaign.created_by)
    copy(
        CandidateGroup(run=run, state=GroupState.PLANNED),
        ("id", "prompt_id"),
        ((n, n) for n in range(1, size + 1)),
    )
    words = _words(random.Random(2), ANSWERED)
    made = CandidateState.DONE
    copy(
        Candidate(source=CandidateSource.IMPORT, state=made, model_label="m", created_at=NOW),
        ("id", "prompt_id", "sample", "text", "text_hash"),
        (
            (n, (n + 1) // 2, n % 2, text, hash_of(text))
            for n, text in zip(range(1, 2 * size + 1), words, strict=False)
        ),
    )


def _words(chance: random.Random, count: int = ASKED) -> Iterator[str]:
    known = [
        "".join(chance.choices("abcdefghijklmnop", k=chance.randint(2, 9))) for _ in range(9999)
    ]
    while True:
        yield " ".join(chance.choices(known, k=count))


def _comparisons(campaign: Campaign, size: int) -> None:
    lane = lane_for(current_round(campaign), Needs())
    copy(
        Comparison(
            campaign=campaign,
            lane=lane,
            size=2,
            wanted=1,
            judged=1,
            open_slots=0,
            created_at=NOW,
        ),
        ("id", "prompt_id", "group_id", "candidate_key", "position"),
        (
            (n, n, n, key, queue_position(key, seed=campaign.shuffle_seed))
            for n in range(1, size + 1)
            for key in [candidate_key([2 * n - 1, 2 * n])]
        ),
    )
    copy(
        ComparedCandidate(),
        ("id", "comparison_id", "candidate_id", "slot"),
        ((n, (n + 1) // 2, n, (n + 1) % 2) for n in range(1, 2 * size + 1)),
    )


def _judgments(campaign: Campaign, size: int) -> None:
    users = User.objects.bulk_create(
        User(email=f"annotator{n}@annotate.localhost", password="!") for n in range(ANNOTATORS)
    )
    new_desks(campaign.pk, [user.pk for user in users])
    desks = list(Desk.objects.order_by("id").values_list("id", "annotator_id"))
    given = [(n, *desks[n % ANNOTATORS]) for n in range(1, size + 1)]
    copy(
        Assignment(
            kind=Kind.WORK,
            state=AssignmentState.SUBMITTED,
            display_order=[0, 1],
            answers=1,
            leased_at=NOW,
            expires_at=NOW,
            ended_at=NOW,
        ),
        ("id", "comparison_id", "desk_id", "annotator_id", "ordinal", "token"),
        ((n, n, desk, user, n // ANNOTATORS, uuid.UUID(int=n)) for n, desk, user in given),
    )
    copy(
        Judgment(
            outcome=Outcome.RANKED,
            display_order=[0, 1],
            counted=True,
            active_ms=9000,
            created_at=NOW,
            guideline_version=1,
        ),
        ("id", "comparison_id", "assignment_id", "annotator_id", "ranks", "strength"),
        ((n, n, n, user, "[1, 2]" if n % 3 else "[2, 1]", 1 + n % 4) for n, _, user in given),
    )


if __name__ == "__main__":
    main()

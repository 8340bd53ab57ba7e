"""One annotator at the service layer: what an entry point calls, and nothing around it."""

from typing import Any
from uuid import uuid4

import django

django.setup()

from django.db import connection  # noqa: E402

from bench.assign.loops import RANKED  # noqa: E402
from labeling.assignment.models import Assignment  # noqa: E402
from labeling.assignment.services.claiming import claim_next  # noqa: E402
from labeling.assignment.services.lanes import advance_heads  # noqa: E402
from labeling.assignment.services.leases import expire_leases  # noqa: E402
from labeling.campaigns.models import Membership  # noqa: E402
from labeling.clock import database_now  # noqa: E402
from labeling.ranking.answers import Answer  # noqa: E402
from labeling.ranking.services.answering import submit_judgment  # noqa: E402


class Service:
    """A member who claims and answers; the database's clock is asked as entry points do."""

    def __init__(self, stock: Any, annotator: int) -> None:
        self.member = Membership.objects.select_related("campaign", "user").get(
            campaign=stock["campaign"], user=annotator
        )

    def claim(self) -> Assignment:
        """Lease the next comparison."""
        found = claim_next(member=self.member, now=database_now()).first
        if found is None:
            raise RuntimeError("the queue ran out of comparisons")
        return found

    def submit(self, claimed: Assignment) -> None:
        """Submit an answer under a key of its own."""
        submit_judgment(
            campaign=self.member.campaign,
            annotator=self.member.user,
            assignment_id=claimed.pk,
            answer=Answer(
                outcome="ranked", ranks=tuple(RANKED), token=claimed.token, active_ms=9000
            ),
            key=uuid4().hex,
            now=database_now(),
        )

    def close(self) -> None:
        """Close this thread's connection."""
        connection.close()


def sweep() -> None:
    """Do what the product's own sweep does every few seconds."""
    expire_leases(now=database_now())
    advance_heads(now=database_now())
    connection.close()

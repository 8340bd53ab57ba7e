"""Bugs put into the engine one at a time, to show that the state machine finds each."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from labeling.accounts.models import IdempotencyKey
from labeling.accounts.services.idempotency import do_once
from labeling.assignment.enums import AssignmentState
from labeling.assignment.models import Assignment, Comparison, Lane
from labeling.assignment.policies import wanted
from labeling.assignment.services import capacity, claiming, fitting, leases, taking, valuing
from labeling.assignment.services.valuing import Estimate
from labeling.ranking.services import answering as ranking

Patch = pytest.MonkeyPatch


def _recount(patch: Patch, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Let the leases change the counts otherwise than they were told."""
    right = capacity.recount

    def wrong(comparison: Comparison, **given: Any) -> None:
        right(comparison, **{**given, **change(given)})

    patch.setattr(leases, "recount", wrong)


def slot_is_not_returned(patch: Patch) -> None:
    """A skip, a release or an expiry keeps its slot."""
    _recount(patch, lambda given: {"held": max(0, given["held"]) if not given["verdict"] else -1})


def changed_answer_stays_in_the_tally(patch: Patch) -> None:
    """A change adds the new verdict and leaves the old one."""
    _recount(patch, lambda given: {"was": None} if given["verdict"] else {})


def undone_answer_still_counts(patch: Patch) -> None:
    """Taking an answer back leaves its vote where it was."""
    right = leases.reopen
    patch.setattr(ranking, "reopen", lambda **given: right(**{**given, "was": None}))


def expiry_returns_slots_of_repeats(patch: Patch) -> None:
    """A repeat, which takes no slot, returns one."""

    def wrong(comparison: Comparison, over: list[Assignment], state: str, now: Any) -> int:
        ids = [each.pk for each in over]
        ended = Assignment.objects.filter(pk__in=ids).update(state=state, ended_at=now)
        if over:
            capacity.recount(comparison, was=None, verdict=None, held=-len(over), now=now)
        return ended

    patch.setattr(leases, "_end", wrong)


def leaving_gives_a_draft_back(patch: Patch) -> None:
    """A page that goes gives back all that its person holds, begun or not."""
    right = leases.release_all

    def wrong(*, tokens: dict[int, UUID], **given: Any) -> None:
        own = Assignment.objects.filter(annotator=given["annotator"])
        right(tokens=dict(own.values_list("pk", "token")) if tokens else {}, **given)

    patch.setattr(leases, "release_all", wrong)


def cap_is_not_looked_at(patch: Patch) -> None:
    patch.setattr(claiming, "_refusal", lambda *_: None)


def any_token_releases(patch: Patch) -> None:
    """A page that is long closed gives back what another holds."""

    def wrong(*, assignment_id: int, now: Any, token: UUID, **who: Any) -> None:
        assignment = leases.hold(assignment_id=assignment_id, **who)
        if assignment.state == AssignmentState.LIVE:
            leases._end(assignment.comparison, [assignment], AssignmentState.RELEASED, now)

    patch.setattr(leases, "release", wrong)


def any_token_answers(patch: Patch) -> None:
    """An answer from an old page uses up the lease of the new one."""
    live = AssignmentState.LIVE
    patch.setattr(leases, "holds_slot", lambda assignment, token: assignment.state == live)


def surplus_counts(patch: Patch) -> None:
    """An answer counts although its slot is gone."""

    def wrong(
        assignment: Assignment, verdict: str | None, was: str | None, held: bool, now: Any
    ) -> bool:
        capacity.recount(assignment.comparison, was=was, verdict=verdict, held=-int(held), now=now)
        return verdict is not None

    patch.setattr(leases, "_settle", wrong)


def same_work_twice(patch: Patch) -> None:
    """What somebody has judged is given to them again."""
    patch.setattr(taking, "READ", taking.READ.replace("'expired', 'released'", "'submitted'"))


def closed_rounds_are_handed_out(patch: Patch) -> None:
    patch.setattr(
        claiming, "LANES", _Rows(lambda campaign: Lane.objects.filter(round__campaign=campaign))
    )


def renewed_lease_expires(patch: Patch) -> None:
    """A heartbeat is answered and changes nothing."""

    def wrong(*, campaign: Any, annotator: Any, tokens: Any, now: Any) -> list[Assignment]:
        live = Assignment.objects.filter(annotator=annotator, state="live", token__in=tokens)
        return list(live.order_by("ordinal"))

    patch.setattr(leases, "renew", wrong)


def policy_is_not_followed(patch: Patch) -> None:
    """Another policy holds for new comparisons only."""
    patch.setattr(fitting, "fit_capacity", lambda **_: 0)
    patch.setattr("labeling.assignment.services.planning.fit_capacity", lambda **_: 0)


def nobody_breaks_a_tie(patch: Patch) -> None:
    """Two judgments are enough, even when they disagree."""
    patch.setattr(capacity, "wanted", lambda rule, **given: min(2, wanted(rule, **given)))


def value_outlives_its_tally(patch: Patch) -> None:
    """What another judgment was worth before the last answer goes on deciding after it."""
    patch.setattr(capacity, "_forget_value", lambda _: None)


def estimate_comes_too_late(patch: Patch) -> None:
    """An estimate is stored although its tally has changed meanwhile."""
    right = valuing.revalue

    def wrong(*, estimates: dict[int, Estimate], now: Any) -> int:
        rows = Comparison.objects.filter(pk__in=estimates)
        changed = {row.pk: Estimate(row.tally, estimates[row.pk].value) for row in rows}
        return right(estimates=changed, now=now)

    patch.setattr(valuing, "revalue", wrong)


def retry_is_a_new_answer(patch: Patch) -> None:
    """The key is not looked at."""
    patch.setattr(ranking, "do_once", lambda **given: do_once(**{**given, "key": None}))


def crash_leaves_half_an_answer(patch: Patch) -> None:
    """What belongs together is not one transaction."""

    def wrong(*, act: Callable[[], Any], **given: Any) -> Any:
        answer: Any = None if _is_known(given) else act()
        return do_once(**given, act=lambda: answer)

    patch.setattr(ranking, "do_once", wrong)


def _is_known(given: dict[str, Any]) -> bool:
    return IdempotencyKey.objects.filter(user=given["user"], key=given["key"]).exists()


class _Rows:
    """Stand in for a prepared statement."""

    def __init__(self, build: Callable[[int], Any]) -> None:
        self.build = build

    def rows(self, campaign_id: int) -> list[Lane]:
        return list(self.build(campaign_id))


BUGS: dict[str, Callable[[Patch], None]] = {
    bug.__name__: bug
    for bug in (
        slot_is_not_returned,
        changed_answer_stays_in_the_tally,
        undone_answer_still_counts,
        expiry_returns_slots_of_repeats,
        cap_is_not_looked_at,
        leaving_gives_a_draft_back,
        any_token_releases,
        any_token_answers,
        surplus_counts,
        same_work_twice,
        closed_rounds_are_handed_out,
        renewed_lease_expires,
        policy_is_not_followed,
        nobody_breaks_a_tie,
        value_outlives_its_tally,
        estimate_comes_too_late,
        retry_is_a_new_answer,
        crash_leaves_half_an_answer,
    )
}

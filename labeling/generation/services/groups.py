"""Keep the count of a group's unfinished candidates, under a lock on the group."""

from collections import Counter
from collections.abc import Callable, Iterable

from labeling.generation.enums import GroupState
from labeling.generation.models import CandidateGroup

ROWS_A_STATEMENT = 500


def close_in_groups(*, run_id: int, prompt_ids: Iterable[int]) -> int:
    """Count one candidate of each prompt named as finished; return the groups now complete.

    Call it in the transaction that ends the candidates, after their rows are locked: every
    writer takes candidates first, prompts second and groups third, in the order of prompts.
    """
    completed = 0

    def close(group: CandidateGroup, ended: int) -> None:
        nonlocal completed
        group.unfinished -= ended
        if group.unfinished == 0:
            group.state = GroupState.COMPLETE
            completed += 1

    _change(run_id, Counter(prompt_ids), close)
    return completed


def reopen_in_groups(*, run_id: int, prompt_ids: Iterable[int]) -> None:
    """Count one candidate of each prompt named as unfinished again; the group is planned anew."""

    def reopen(group: CandidateGroup, again: int) -> None:
        group.unfinished += again
        group.state = GroupState.FILLING

    _change(run_id, Counter(prompt_ids), reopen)


def plan_again(*, run_id: int, prompt_ids: Iterable[int]) -> None:
    """Have the groups of these prompts planned anew, unless they are still being filled."""
    ready = CandidateGroup.objects.filter(run_id=run_id, prompt_id__in=set(prompt_ids))
    ready.filter(state=GroupState.PLANNED).update(state=GroupState.COMPLETE)


def _change(
    run_id: int, counts: Counter[int], change: Callable[[CandidateGroup, int], None]
) -> None:
    prompts = sorted(counts)
    for start in range(0, len(prompts), ROWS_A_STATEMENT):
        chunk = prompts[start : start + ROWS_A_STATEMENT]
        groups = list(
            CandidateGroup.objects.select_for_update()
            .filter(run_id=run_id, prompt_id__in=chunk)
            .order_by("prompt_id")
        )
        for group in groups:
            change(group, counts[group.prompt_id])
        CandidateGroup.objects.bulk_update(groups, ["unfinished", "state"])

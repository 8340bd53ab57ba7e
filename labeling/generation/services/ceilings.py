"""What a run may cost at most."""

from decimal import Decimal

from django.db import transaction

from labeling.accounts.models import User
from labeling.accounts.services.audit import record_event
from labeling.errors import Invalid
from labeling.generation.models import GenerationRun
from labeling.wording import gettext

HIGHEST = Decimal(10_000_000)


def check_ceiling(ceiling: Decimal | None) -> dict[str, list[str]]:
    """Return what does not hold about a ceiling, by field; None is no ceiling."""
    if ceiling is None or 0 <= ceiling <= HIGHEST:
        return {}
    return {"ceiling": [gettext("must be from 0 to %(most)s") % {"most": HIGHEST}]}


@transaction.atomic
def set_ceiling(*, run: GenerationRun, ceiling: Decimal | None, by: User) -> None:
    """Change what a run may cost at most; one below what it has cost lets no other call begin.

    Raises Invalid.
    """
    problems = check_ceiling(ceiling)
    if problems:
        raise Invalid(gettext("The ceiling does not hold; see data.fields."), fields=problems)
    was = GenerationRun.objects.select_for_update().get(pk=run.pk).ceiling
    GenerationRun.objects.filter(pk=run.pk).update(ceiling=ceiling)
    run.refresh_from_db(fields=["ceiling", "spent", "reserved"])
    record_event(
        actor=by,
        action="run.ceiling_set",
        target=f"run:{run.pk}",
        before=None if was is None else str(was),
        after=None if ceiling is None else str(ceiling),
    )

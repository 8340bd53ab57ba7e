"""Empty a prompt for good, and what its import has kept of it."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from labeling.accounts.services.erasing import GONE
from labeling.errors import DomainError, Kind
from labeling.prompts.enums import UNFINISHED
from labeling.prompts.models import Prompt, PromptSet, ReadyResponses, RefusedRow
from labeling.wording import gettext

SAYS_NOTHING = [{"role": "user", "content": ""}]


class ImportUnderWay(DomainError):
    """A file that may hold what is to be erased is still being imported."""

    code = "import_under_way"
    kind = Kind.CONFLICT


def refuse_during_imports(campaign_ids: Collection[int]) -> None:
    """Raise ImportUnderWay while a file is imported into one of these campaigns.

    The file may hold what is to be erased, and bring it back. Call it with the campaigns locked.
    """
    sets = PromptSet.objects.filter(campaign__in=campaign_ids, state__in=UNFINISHED)
    found = sets.order_by("pk").first()
    if found is not None:
        reason = gettext(
            "Import %(number)s is under way, and its file may hold what is to be erased. Erase it "
            "once the import is done."
        )
        raise ImportUnderWay(reason % {"number": found.pk}, prompt_set=found.pk)


def hold_ready_responses(prompt: Prompt) -> list[ReadyResponses]:
    """Lock the ready responses of a prompt and return them: nobody adopts them meanwhile."""
    rows = ReadyResponses.objects.select_for_update().filter(prompt=prompt)
    return list(rows.order_by("pk"))


def erase_texts(*, prompt: Prompt, now: datetime) -> None:
    """Empty a prompt and its ready responses, and every excerpt of the campaign's refused rows.

    Call it in a transaction that holds the campaign.
    """
    for row in hold_ready_responses(prompt):
        row.responses, row.content_hash = [], f"{GONE}:{row.pk}"
        row.adopted_at = row.adopted_at or now
        row.save(update_fields=["responses", "content_hash", "adopted_at"])
    prompt.messages, prompt.tags = SAYS_NOTHING, []
    prompt.content_hash = f"{GONE}:{prompt.pk}"
    prompt.external_id = prompt.source = prompt.language = ""
    prompt.erased_at = now
    prompt.save()
    # Which of these rows were much the same as the prompt, nothing tells.
    empty_refused(RefusedRow.objects.filter(prompt_set__campaign=prompt.campaign_id))


def forget_address(*, address: str, campaign_ids: Iterable[int]) -> None:
    """Empty what refused rows say that name a person by their address, or may."""
    named = Q(excerpt__icontains=address) | Q(reason__icontains=address)
    near = Q(code="unknown_author", prompt_set__campaign__in=campaign_ids)
    empty_refused(RefusedRow.objects.filter(named | near))


def empty_refused(rows: QuerySet[RefusedRow]) -> None:
    """Leave of refused rows which they were, and by which rule they were refused."""
    rows.exclude(reason=GONE).update(excerpt="", reason=GONE)

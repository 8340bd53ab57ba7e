"""Erase a person or a prompt for good: the texts go everywhere, what was judged stays counted.

Locks go campaigns first, then desks, then what hangs on them, as everywhere.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from labeling.accounts.models import Erasure, User
from labeling.accounts.services.audit import record_event
from labeling.accounts.services.erasing import (
    GONE,
    empty_events,
    erase_account,
    forget_answers,
    mark_erased,
    texts_in,
)
from labeling.assignment.models import Desk
from labeling.assignment.services.erasing import close_comparisons, give_all_back, hold_desks
from labeling.campaigns.models import Campaign, Membership
from labeling.campaigns.queries import lock_campaign
from labeling.campaigns.services import remove_member
from labeling.errors import Invalid
from labeling.generation.services.erasing import erase_candidates, hold_candidates
from labeling.judging.services.erasing import erase_verdicts
from labeling.prompts.models import Prompt
from labeling.prompts.services.erasing import (
    erase_texts,
    forget_address,
    hold_ready_responses,
    refuse_during_imports,
)
from labeling.quality.models import Revocation
from labeling.ranking.services.erasing import (
    empty_words_about,
    empty_words_of,
    rendered_texts,
)
from labeling.training.services.erasing import empty_objections_of, erase_items
from labeling.wording import gettext

ON_REQUEST = "Erased on request."


def erase_prompt(*, prompt: Prompt, by: User, reason: str, now: datetime) -> bool:
    """Empty a prompt, everything that answers it and every word about it; tell whether it was new.

    No export has it any more, nobody is asked about it, and nothing brings it back. Judgments stay
    without their texts. Raises Invalid without a reason, and ImportUnderWay.
    """
    if not reason.strip():
        problem = gettext("Say why, without the words that are to go: the log keeps it.")
        raise Invalid(f"reason: {problem}", fields={"reason": [problem]})
    with transaction.atomic():
        lock_campaign(prompt.campaign_id)
        prompt = Prompt.objects.select_related("campaign").get(pk=prompt.pk)
        if prompt.erased_at is not None:
            return False
        refuse_during_imports([prompt.campaign_id])
        _erase_prompt(prompt, by, now)
        what = Revocation.objects.filter(campaign=prompt.campaign, prompt=prompt)
        if not what.filter(lifted_at=None).exists():
            Revocation.objects.create(
                campaign=prompt.campaign, prompt=prompt, reason=GONE, made_by=by, made_at=now
            )
        _erase_revocations([revocation.pk for revocation in what], reason.strip(), now)
        record_event(
            actor=by, action="prompt.erased", target=f"prompt:{prompt.pk}",
            campaign=prompt.campaign_id, reason=reason.strip(),
        )  # fmt: skip
    return True


def _erase_prompt(prompt: Prompt, by: User, now: datetime) -> None:
    erase_items(prompt=prompt, by=by, now=now)
    comparisons = close_comparisons(prompt=prompt, by=by, now=now)
    targets = [f"comparison:{one}" for one in comparisons]
    mark_erased(targets=[f"prompt:{prompt.pk}", *targets], now=now)
    brought = [row.responses for row in hold_ready_responses(prompt)]
    texts = [*hold_candidates(prompt), *rendered_texts(prompt)]
    texts += [*texts_in(prompt.messages), *texts_in(brought)]
    erase_texts(prompt=prompt, now=now)
    erase_candidates(prompt=prompt, now=now)
    erase_verdicts(prompt=prompt)
    empty_words_about(prompt)
    forget_answers(texts=texts)


def erase_person(*, person: User, by: User | None, now: datetime) -> bool:
    """Leave nothing that says who a person was or what they wrote; tell whether it was new.

    They leave every campaign, and no export has their work any more; their judgments stay, without
    their texts, so that what was counted stays so. What they made for a campaign as its manager,
    such as its guide, is the campaign's. Raises LastManager and ImportUnderWay.
    """
    with transaction.atomic():
        campaigns = _hold_campaigns(person)
        worked_in = hold_desks(person)
        person = User.objects.select_for_update().get(pk=person.pk)
        if Erasure.objects.filter(target=f"user:{person.pk}").exists():
            return False
        refuse_during_imports([campaign.pk for campaign in campaigns])
        for membership in Membership.objects.filter(user=person).select_related("campaign", "user"):
            remove_member(membership=membership, by=by or person, now=now)
        address, name = person.email, person.display_name
        erase_account(user=person, now=now)
        forget_answers(texts=[address, name])
        forget_address(address=address, campaign_ids=[campaign.pk for campaign in campaigns])
        for campaign in worked_in:
            give_all_back(campaign=campaign, person=person, now=now)
        empty_words_of(person)
        empty_objections_of(person)
        _revoke_for_good(person, worked_in, by, now)
        record_event(actor=by, action="person.erased", target=f"user:{person.pk}")
    return True


def _hold_campaigns(person: User) -> list[Campaign]:
    """Lock every campaign that a person belongs to or has worked in, in order."""
    of_members = Membership.objects.filter(user=person).values_list("campaign_id", flat=True)
    of_desks = Desk.objects.filter(annotator=person).values_list("campaign_id", flat=True)
    return [lock_campaign(pk) for pk in sorted({*of_members, *of_desks})]


def _revoke_for_good(
    person: User, campaigns: Sequence[Campaign], by: User | None, now: datetime
) -> None:
    """Revoke the person's work wherever there is some, and end what could be lifted."""
    for campaign in campaigns:
        if not Revocation.objects.filter(campaign=campaign, annotator=person, lifted_at=None):
            Revocation.objects.create(
                campaign=campaign, annotator=person, reason=GONE, made_at=now,
                made_by=by or campaign.created_by,
            )  # fmt: skip
    known = Revocation.objects.filter(annotator=person).values_list("pk", flat=True)
    _erase_revocations(list(known), ON_REQUEST, now)


def _erase_revocations(keys: Sequence[int], reason: str, now: datetime) -> None:
    """Make what is in force final, and empty the reasons of all of them and of the log."""
    targets = [f"revocation:{key}" for key in keys]
    mark_erased(targets=targets, now=now)
    empty_events(targets=targets)
    every = Revocation.objects.filter(pk__in=keys)
    every.filter(lifted_at__isnull=False).update(reason=GONE)
    every.filter(lifted_at=None).update(reason=reason, erased_at=now)

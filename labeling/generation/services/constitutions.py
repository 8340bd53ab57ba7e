"""Write constitutions: each change is a version of its own."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max

from labeling.accounts.models import User
from labeling.accounts.services.audit import record_event
from labeling.campaigns.models import Campaign
from labeling.errors import Invalid
from labeling.generation.models import Constitution
from labeling.generation.texts import storable
from labeling.wording import gettext

LONGEST_NAME, MOST_PRINCIPLES, LONGEST_PRINCIPLE = 120, 100, 2_000


@transaction.atomic
def add_constitution(
    *, campaign: Campaign, name: str, principles: Sequence[str], user: User
) -> Constitution:
    """Store a list of principles; under a name that is there already it is the next version.

    Raises Invalid, naming what does not hold.
    """
    name, texts = name.strip(), [text.strip() for text in principles]
    _check(name, texts)
    # Two who write under one name come one after the other.
    Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    own = Constitution.objects.filter(campaign=campaign, name=name)
    made = Constitution.objects.create(
        campaign=campaign,
        name=name,
        version=(own.aggregate(last=Max("version"))["last"] or 0) + 1,
        principles=texts,
        created_by=user,
    )
    record_event(
        actor=user,
        action="constitution.written",
        target=f"constitution:{made.pk}",
        campaign=campaign.pk,
        version=made.version,
    )
    return made


def _check(name: str, principles: Sequence[str]) -> None:
    problems: dict[str, list[str]] = {}
    if not _holds(name, LONGEST_NAME):
        problems["name"] = [_characters(LONGEST_NAME)]
    if not 0 < len(principles) <= MOST_PRINCIPLES:
        most = gettext("give 1 to %(most)s principles")
        problems["principles"] = [most % {"most": MOST_PRINCIPLES}]
    for at, text in enumerate(principles):
        if not _holds(text, LONGEST_PRINCIPLE):
            problems[f"principles.{at}"] = [_characters(LONGEST_PRINCIPLE)]
    if problems:
        reason = gettext("The constitution was not written; see data.fields.")
        raise Invalid(reason, fields=problems)


def _holds(text: str, most: int) -> bool:
    return 0 < len(text) <= most and text == storable(text)


def _characters(most: int) -> str:
    return gettext("give 1 to %(most)s characters that can be stored") % {"most": most}

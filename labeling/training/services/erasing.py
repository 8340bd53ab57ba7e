"""Take an erased prompt out of training, and empty what people wrote against references."""

from datetime import datetime

from django.db.models import QuerySet

from labeling.accounts.models import User
from labeling.accounts.services.erasing import GONE
from labeling.prompts.models import Prompt
from labeling.training.models import Objection, TrainingItem
from labeling.training.services.items import take_item_back


def erase_items(*, prompt: Prompt, by: User, now: datetime) -> None:
    """Use no item of a prompt any longer, and empty what was written about it."""
    items = TrainingItem.objects.filter(comparison__prompt=prompt)
    for item in items.order_by("pk"):
        take_item_back(item=item, by=by, now=now)
    items.update(reason=GONE)
    _empty(Objection.objects.filter(trial__item__in=items))


def empty_objections_of(person: User) -> None:
    """Empty what a person objected, and what they were told or told others in reply."""
    _empty(Objection.objects.filter(trial__attempt__person=person))
    Objection.objects.filter(decided_by=person).update(reply="")


def _empty(objections: QuerySet[Objection]) -> None:
    objections.update(text=GONE, reply="")

"""Take in a file of prompts, to be imported by a worker."""

from datetime import datetime
from pathlib import PurePosixPath
from typing import BinaryIO

from django.db import IntegrityError, transaction

from labeling.accounts.models import User
from labeling.accounts.services.audit import record_event
from labeling.campaigns.models import Campaign
from labeling.prompts.enums import FileFormat, PromptSetState
from labeling.prompts.models import PromptSet
from labeling.prompts.readers.sniff import format_of
from labeling.prompts.services.uploads import Upload, discard, store_upload
from labeling.prompts.texts import showable

LONGEST_NAME = 200
UNNAMED = "prompts"


def receive_file(
    *,
    campaign: Campaign,
    user: User,
    name: str,
    stream: BinaryIO,
    now: datetime,
    format: FileFormat | None = None,
    size: int | None = None,
) -> tuple[PromptSet, bool]:
    """Keep a file and return its import, and whether that is new.

    The same bytes again give the campaign's earlier import, unless that one failed. Without
    ``format`` the first bytes and the name decide. ``name`` is only ever shown. ``size`` is how
    many bytes should come, where that is known. Raises FileTooLarge and UploadCutOff.
    """
    upload = store_upload(stream, size=size)
    known = _known(campaign, upload)
    if known is None:
        try:
            return _create(campaign, user, name, upload, now, format), True
        except IntegrityError:  # another request brought the same file at the same time
            known = _known(campaign, upload)
            if known is None:
                raise
    discard(upload.name)
    return known, False


def _known(campaign: Campaign, upload: Upload) -> PromptSet | None:
    sets = PromptSet.objects.filter(campaign=campaign, sha256=upload.sha256)
    return sets.exclude(state=PromptSetState.FAILED).first()


@transaction.atomic
def _create(
    campaign: Campaign,
    user: User,
    name: str,
    upload: Upload,
    now: datetime,
    format: FileFormat | None,
) -> PromptSet:
    shown = showable(PurePosixPath(name.replace("\\", "/")).name.strip(), LONGEST_NAME) or UNNAMED
    prompt_set = PromptSet.objects.create(
        campaign=campaign,
        name=shown,
        format=format or format_of(name, upload.head),
        sha256=upload.sha256,
        size=upload.size,
        upload=upload.name,
        created_by=user,
    )
    record_event(
        actor=user,
        action="prompts.file_received",
        target=f"campaign:{campaign.pk}",
        prompt_set=prompt_set.pk,
        name=shown,
        sha256=upload.sha256,
        at=now.isoformat(),
    )
    return prompt_set

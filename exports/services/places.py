"""Where the files of each export lie: in a folder of the disk, or under a prefix of a bucket.

The row of an export says which, so that those on the disk stay there when a bucket is configured.
"""

from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from django.conf import settings

from exports.models import Export, ExportFile
from exports.services.disk import Disk
from exports.services.stores import Source, StorageUnavailable, Store, Wanted
from labeling.wording import gettext

COPIES = "copies"


class Place(NamedTuple):
    """What keeps the files of an export, and under which name."""

    store: Store
    name: str

    def find(self, file: Wanted) -> Source:
        """Return one of its files; raise FileGone unless it is there as it was published."""
        return self.store.find(self.name, file)


def place_of(export_id: int) -> Place:
    """Return where the files of an export lie."""
    claims = Export.objects.filter(pk=export_id).values_list("place", flat=True)
    return place_under(export_id, claims.first())


def place_under(export_id: int, claim: UUID | None) -> Place:
    """Return the place of an export on the disk, or in the bucket under the claim that wrote it.

    Raises StorageUnavailable where no bucket is configured any more.
    """
    if claim is None:
        return Place(Disk(Path(settings.EXPORTS_DIR)), str(export_id))
    if not settings.EXPORTS_STORAGE:
        reason = gettext("The files are in a bucket, and none is configured. Set EXPORTS_STORAGE.")
        raise StorageUnavailable(reason)
    from exports.services.bucket import Bucket  # noqa: PLC0415 - boto3 is an extra, and slow

    return Place(Bucket(copies=Path(settings.EXPORTS_DIR) / COPIES), f"{export_id}/{claim.hex}")


def find(file: ExportFile) -> Source:
    """Return a published file; its path comes from its row, never from a client.

    Raises FileGone when what is there is not what was published.
    """
    return place_of(file.export_id).find(Wanted(file.path, file.size, file.sha256))

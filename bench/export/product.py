"""One export as a worker writes it, measured: ``python -m bench.export.product parquet``.

Runs as a process of its own under the settings of a database that ``bench.export.stock`` filled.
"""

import sys

import django

django.setup()

from bench.export.measured import measured  # noqa: E402
from exports.enums import ExportState  # noqa: E402
from exports.selection import Selection  # noqa: E402
from exports.services.requests import request_export  # noqa: E402
from exports.services.writing import write_export  # noqa: E402
from labeling.campaigns.models import Campaign  # noqa: E402
from labeling.clock import database_now  # noqa: E402


def main() -> None:
    """Ask for an export in one container, write it, and say what it took."""
    campaign = Campaign.objects.get()
    selection = Selection(configs=("trl",), containers=(sys.argv[1],))
    with measured() as found:
        asked, _ = request_export(
            campaign=campaign, user=campaign.created_by, selection=selection, now=database_now()
        )
        export = write_export(export_id=asked.pk, now=database_now())
        if export is None or export.state != ExportState.READY:
            raise RuntimeError(f"no export: {export and export.error}")
        found["export"], found["pairs"] = export.pk, export.pair_count


if __name__ == "__main__":
    main()

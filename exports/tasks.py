"""Background work of the exports."""

from celery import shared_task

from exports.queries import exports_to_write
from exports.services.folders import remove_leftovers
from exports.services.removing import find_removals
from exports.services.withdrawing import withdraw_exports
from exports.services.writing import write_export
from labeling.clock import database_now


@shared_task(name="exports.write_export", ignore_result=True)
def write(export_id: int) -> None:
    """Write one requested export."""
    write_export(export_id=export_id, now=database_now())


@shared_task(name="exports.find_removals", ignore_result=True)
def search() -> None:
    """Mark the issued exports that have something revoked, withdraw those with something erased."""
    find_removals()
    withdraw_exports()


@shared_task(name="exports.sweep", ignore_result=True)
def sweep() -> None:
    """Write what a lost ring or a dead worker left unwritten, and remove what it left behind."""
    remove_leftovers()
    find_removals()
    withdraw_exports()
    for export_id in exports_to_write(database_now()):
        write_export(export_id=export_id, now=database_now())

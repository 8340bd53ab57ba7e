"""The REST API of the exports."""

from django.urls import path

from exports.api.differences import Changes, Removals
from exports.api.exports import CancelExport, Exports, OneExport
from exports.api.files import ExportFileView
from exports.api.links import ExportLinks, LinkedFileView

BASE = "campaigns/<int:campaign_id>/exports/"
urlpatterns = [
    path(BASE, Exports.as_view(), name="api-exports"),
    path(BASE + "<int:export_id>/", OneExport.as_view(), name="api-export"),
    path(BASE + "<int:export_id>/cancel/", CancelExport.as_view(), name="api-export-cancel"),
    path(
        BASE + "<int:export_id>/files/<path:path>",
        ExportFileView.as_view(),
        name="api-export-file",
    ),
    path(BASE + "<int:export_id>/removals/", Removals.as_view(), name="api-export-removals"),
    path(BASE + "<int:export_id>/changes/", Changes.as_view(), name="api-export-changes"),
    path(BASE + "<int:export_id>/links/", ExportLinks.as_view(), name="api-export-links"),
    # What follows `/links/` is a secret, and cut out of the log as one (annotate/logs.py).
    path(
        "exports/links/<str:signed_file>/<str:name>",
        LinkedFileView.as_view(),
        name="api-export-linked-file",
    ),
]

"""The REST API of the exports."""

from django.urls import path

from exports.api.exports import CancelExport, Exports, OneExport
from exports.api.files import ExportFileView

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
]

"""A small client of the exports' REST API: ask, wait, download, link, without Django."""

from exports.client.api import AnnotateError, Client, Export, ExportedFile, ExportFailed, Link

__all__ = ["AnnotateError", "Client", "Export", "ExportFailed", "ExportedFile", "Link"]

"""A small client of the exports' REST API: ask, wait, download, without Django."""

from exports.client.api import AnnotateError, Client, Export, ExportedFile, ExportFailed

__all__ = ["AnnotateError", "Client", "Export", "ExportFailed", "ExportedFile"]

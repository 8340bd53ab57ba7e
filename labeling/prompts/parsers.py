"""Take a file as the body of a request, without reading it into memory."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, ClassVar

from rest_framework.parsers import BaseParser

from labeling.prompts.enums import FileFormat


@dataclass(frozen=True)
class FileBody:
    """A request body that is a file of prompts, still to be read."""

    stream: BinaryIO
    format: FileFormat


class FileParser(BaseParser):
    """Hand the body on as a stream; each subclass names a media type and its format."""

    format: ClassVar[FileFormat]

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return the body, unread."""
        return FileBody(stream, self.format)


class JsonlParser(FileParser):
    """JSON Lines."""

    media_type = "application/jsonl"
    format = FileFormat.JSONL


class NdjsonParser(JsonlParser):
    """JSON Lines by its other name."""

    media_type = "application/x-ndjson"


class CsvParser(FileParser):
    """CSV."""

    media_type = "text/csv"
    format = FileFormat.CSV


class ParquetParser(FileParser):
    """Parquet."""

    media_type = "application/vnd.apache.parquet"
    format = FileFormat.PARQUET


FILE_PARSERS = (JsonlParser, NdjsonParser, CsvParser, ParquetParser)

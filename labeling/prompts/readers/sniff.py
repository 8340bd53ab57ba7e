"""Look at the first bytes of a file: which format it has, and what cannot be read at all."""

from pathlib import Path

from labeling.prompts.enums import FileFormat
from labeling.prompts.problems import FileRefused

HEAD = 4096
PARQUET_MAGIC = b"PAR1"
BOM = b"\xef\xbb\xbf"
_COMPRESSED = {
    b"\x1f\x8b": "gzip",
    b"PK\x03\x04": "zip (or an Excel workbook)",
    b"PK\x05\x06": "zip",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"7z\xbc\xaf": "7-zip",
}
_OTHER_UNICODE = {
    b"\xff\xfe": "UTF-16 or UTF-32",
    b"\xfe\xff": "UTF-16",
    b"\x00\x00\xfe\xff": "UTF-32",
}
SUFFIXES = {
    ".jsonl": FileFormat.JSONL,
    ".ndjson": FileFormat.JSONL,
    ".json": FileFormat.JSONL,
    ".csv": FileFormat.CSV,
    ".tsv": FileFormat.CSV,
    ".parquet": FileFormat.PARQUET,
}


def format_of(name: str, head: bytes) -> FileFormat:
    """Return the format that a file most likely has, by its first bytes, then by its name."""
    if head.startswith(PARQUET_MAGIC):
        return FileFormat.PARQUET
    by_name = SUFFIXES.get(Path(name).suffix.lower())
    if by_name is not None:
        return by_name
    text = head.removeprefix(BOM).lstrip()
    return FileFormat.JSONL if text[:1] in {b"{", b"["} else FileFormat.CSV


def refuse_unreadable(head: bytes) -> None:
    """Raise FileRefused for empty and compressed files and for text that is not UTF-8."""
    if not head:
        raise FileRefused("empty_file", "The file is empty (0 bytes). Pick another file.")
    for magic, kind in _COMPRESSED.items():
        if head.startswith(magic):
            raise FileRefused(
                "compressed_file",
                f"The file is compressed: {kind}. Unpack it and send what is inside.",
            )
    for mark, kind in _OTHER_UNICODE.items():
        if head.startswith(mark):
            raise FileRefused(
                "not_utf8", f"The file is {kind} text. Save it as UTF-8 and send it again."
            )

"""The named states of prompt imports."""

from django.db.models import TextChoices


class PromptSetState(TextChoices):
    """Where an import stands; ``failed`` means that nothing of the file was stored."""

    UPLOADED = "uploaded", "Waiting"
    CHECKING = "checking", "Checking"
    STORING = "storing", "Storing"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"


UNFINISHED = (PromptSetState.UPLOADED, PromptSetState.CHECKING, PromptSetState.STORING)


class FileFormat(TextChoices):
    """The file formats that prompts are read from."""

    JSONL = "jsonl", "JSON Lines"
    CSV = "csv", "CSV"
    PARQUET = "parquet", "Parquet"

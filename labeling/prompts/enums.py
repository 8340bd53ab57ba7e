"""The named states of prompt imports."""

from django.db.models import TextChoices

from labeling.wording import gettext_lazy


class PromptSetState(TextChoices):
    """Where an import stands; ``failed`` means that nothing of the file was stored."""

    UPLOADED = "uploaded", gettext_lazy("Waiting")
    CHECKING = "checking", gettext_lazy("Checking")
    STORING = "storing", gettext_lazy("Storing")
    DONE = "done", gettext_lazy("Done")
    FAILED = "failed", gettext_lazy("Failed")


UNFINISHED = (PromptSetState.UPLOADED, PromptSetState.CHECKING, PromptSetState.STORING)


class FileFormat(TextChoices):
    """The file formats that prompts are read from."""

    JSONL = "jsonl", "JSON Lines"
    CSV = "csv", "CSV"
    PARQUET = "parquet", "Parquet"

"""What can be wrong with a row of an import, and with the file as a whole."""

from dataclasses import dataclass

from labeling.errors import DomainError, Kind


@dataclass(frozen=True)
class Problem:
    """One reason why a row cannot be stored: where in the row, a stable code, what to do."""

    field: str
    code: str
    reason: str


class FileRefused(DomainError):
    """The file as a whole cannot be imported; nothing of it is stored."""

    code = "file_refused"

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class FileTooLarge(DomainError):
    """The upload is larger than this deployment takes."""

    code = "file_too_large"
    kind = Kind.TOO_LARGE


class UploadCutOff(DomainError):
    """The connection ended before the whole file had arrived."""

    code = "upload_cut_off"

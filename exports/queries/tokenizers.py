"""The tokenizers that lengths can be measured with: those in the models folder."""

from pathlib import Path

from django.conf import settings

from exports.tokens import FILE
from labeling.errors import Invalid
from labeling.wording import gettext


def tokenizer_names() -> list[str]:
    """Return the folders of the models folder that hold a tokenizer, in order."""
    found = Path(settings.MODELS_DIR).glob(f"[!.]*/{FILE}")
    return sorted(path.parent.name for path in found)


def tokenizer_file(name: str) -> Path | None:
    """Return the file of a tokenizer, None for no name; raise Invalid where there is none."""
    if not name:
        return None
    if name not in tokenizer_names():
        reason = gettext(
            "There is no tokenizer of that name here. Put its tokenizer.json in a folder of that "
            "name in the models folder, or choose one of: %(names)s."
        ) % {"names": ", ".join(tokenizer_names()) or "–"}
        raise Invalid(f"tokenizer: {reason}", fields={"tokenizer": [reason]})
    return Path(settings.MODELS_DIR) / name / FILE

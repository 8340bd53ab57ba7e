"""What can be done with prompts: receive a file, import it."""

from labeling.prompts.services.importing import import_prompt_set
from labeling.prompts.services.receiving import receive_file

__all__ = ["import_prompt_set", "receive_file"]

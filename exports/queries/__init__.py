"""Reads of exports, and the streams of what exports are made from."""

from exports.queries.exports import (
    ExportWithdrawn,
    earlier_than,
    export_in,
    exports_of,
    exports_to_write,
    file_in,
    files_by_path,
    refuse_withdrawn,
)
from exports.queries.judged import judged_comparisons, judged_count, pairs_now
from exports.queries.removals import (
    exports_to_search,
    exports_to_withdraw,
    has_erased_since,
    removed_count,
    revoked_since,
    superseding,
)
from exports.queries.scope import Scope, scope_of
from exports.queries.tokenizers import tokenizer_names
from exports.queries.unjudged import chains, prompt_rows

__all__ = [
    "ExportWithdrawn",
    "Scope",
    "chains",
    "earlier_than",
    "export_in",
    "exports_of",
    "exports_to_search",
    "exports_to_withdraw",
    "exports_to_write",
    "file_in",
    "files_by_path",
    "has_erased_since",
    "judged_comparisons",
    "judged_count",
    "pairs_now",
    "prompt_rows",
    "refuse_withdrawn",
    "removed_count",
    "revoked_since",
    "scope_of",
    "superseding",
    "tokenizer_names",
]

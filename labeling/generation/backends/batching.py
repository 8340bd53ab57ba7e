"""Cut requests into batches: prompts of like length together, as many as memory holds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from labeling.generation.backends.port import Request

MOST_ROWS = 64
# Rows of a batch may be so much longer than its shortest, because padding is work for nothing.
LONGER, LONGER_BY = 1.5, 16


@dataclass(frozen=True)
class Row:
    """One request with its place among those asked for, and its prompt's tokens."""

    at: int
    request: Request
    ids: tuple[int, ...]

    @property
    def width(self) -> int:
        """Return how many tokens the row may come to hold."""
        return len(self.ids) + self.request.parameters.max_new_tokens


@dataclass(frozen=True)
class Cost:
    """What a row takes of memory, in bytes: for each token it holds, and for itself."""

    a_token: int
    a_row: int

    def of(self, rows: int, width: int) -> int:
        """Return the bytes that so many rows of one width take."""
        return rows * (width * self.a_token + self.a_row)


def batches_of(rows: Sequence[Row], *, cost: Cost, budget: int) -> Iterator[list[Row]]:
    """Yield batches of one recipe, the longest prompts first, each within ``budget`` bytes.

    The longest come first, so that a budget that is too large shows at once. A row that
    exceeds the budget by itself makes a batch of its own.
    """
    batch: list[Row] = []
    for row in sorted(rows, key=_longest_first):
        if batch and not _fits(row, batch, cost, budget):
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


def _longest_first(row: Row) -> tuple[str, int, tuple[int, ...]]:
    # Equal prompts come to stand side by side, to be read once.
    return repr(row.request.parameters), -len(row.ids), row.ids


def _fits(row: Row, batch: Sequence[Row], cost: Cost, budget: int) -> bool:
    widest = batch[0]
    return (
        len(batch) < MOST_ROWS
        and row.request.parameters == widest.request.parameters
        and len(widest.ids) <= LONGER * len(row.ids) + LONGER_BY
        and cost.of(len(batch) + 1, widest.width) <= budget
    )

"""What the plain model is made of: comparisons, who has to do with them, what was said."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass(eq=False)
class Work:
    """One comparison."""

    id: int
    key: str
    size: int
    round: int
    gold: bool
    wanted: int = 1
    skips: int = 0
    retired: bool = False
    value: float | None = None
    value_due: bool = False


@dataclass(eq=False)
class Hold:
    """What one person has to do with one comparison: an assignment, whatever became of it."""

    id: int
    work: Work
    who: int
    kind: str
    order: list[int]
    ordinal: int
    tokens: list[UUID]
    state: str
    until: datetime
    said: list["Said"] = field(default_factory=list)

    @property
    def live(self) -> bool:
        return self.state == "live"

    @property
    def has_slot(self) -> bool:
        return self.state in ("live", "reserved")

    @property
    def last(self) -> "Said | None":
        return self.said[-1] if self.said else None


@dataclass(eq=False)
class Said:
    """One judgment; a skip and what takes an answer back say nothing."""

    id: int
    hold: Hold
    verdict: str | None
    counted: bool = False
    undone: bool = False

    @property
    def words(self) -> str:
        return "undone" if self.undone else self.verdict or "skipped"

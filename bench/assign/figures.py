"""Figures of repeated measurements, and the table they are printed in; plain Python."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median


def percentile(seconds: Sequence[float], share: float) -> float:
    """Return the milliseconds that this share of the times stayed within."""
    ordered = sorted(seconds)
    return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@dataclass(frozen=True)
class Figures:
    """One measurement: pairs of claim and submit a second, milliseconds, processor time a pair.

    ``server_ms`` is the processor time of the measured processes, ``postgres_ms`` PostgreSQL's.
    """

    rate: float
    claim_p50: float
    claim_p95: float
    submit_p50: float
    submit_p95: float
    server_ms: float
    postgres_ms: float

    @property
    def processor_ms(self) -> float:
        """The processor time of one claim and submit, PostgreSQL's included."""
        return self.server_ms + self.postgres_ms


def typical(repeated: Iterable[Figures]) -> Figures:
    """Return the median of each figure."""
    rows = list(repeated)
    names = Figures.__dataclass_fields__
    return Figures(**{name: median(getattr(row, name) for row in rows) for name in names})


@dataclass(frozen=True)
class Bar:
    """What a figure must not go beyond."""

    what: str
    value: float
    limit: float
    unit: str = "x"
    at_least: bool = False

    @property
    def holds(self) -> bool:
        """Whether the figure is on the right side."""
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def as_text(self) -> str:
        """Return the bar as one line."""
        sign = ">=" if self.at_least else "<="
        verdict = "ok  " if self.holds else "FAIL"
        return f"  {verdict} {self.what}: {self.value:.2f} {self.unit} ({sign} {self.limit:g})"


HEAD = (
    f"{'comparisons':>11} {'people':>6}  {'through':<38} {'a second':>8} "
    f"{'claim p50':>9} {'p95':>7} {'submit p50':>10} {'p95':>7} {'CPU':>6} {'of it PG':>8}"
)


def line(size: int, people: int, through: str, found: Figures) -> str:
    """Return one row of the table; times are milliseconds."""
    return (
        f"{size:>11,} {people:>6}  {through:<38} {found.rate:>8.0f} {found.claim_p50:>9.2f} "
        f"{found.claim_p95:>7.2f} {found.submit_p50:>10.2f} {found.submit_p95:>7.2f} "
        f"{found.processor_ms:>6.2f} {found.postgres_ms:>8.2f}"
    )

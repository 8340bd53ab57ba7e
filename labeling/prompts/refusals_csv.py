"""Write refused rows as CSV that no spreadsheet takes for formulas."""

import csv
import io
from collections.abc import Iterable, Iterator

COLUMNS = ("row", "field", "code", "reason", "start_of_row")
# A cell that starts like this is a formula to Excel, LibreOffice or Google Sheets.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_cell(text: str) -> str:
    """Return a cell's text with an apostrophe before what would start a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_STARTS) else text


def csv_lines(rows: Iterable[tuple[object, ...]]) -> Iterator[str]:
    """Yield the lines of a CSV file with a header and a byte order mark, which Excel needs."""
    yield "\ufeff" + _line(COLUMNS)
    for row in rows:
        yield _line([safe_cell(str(cell)) for cell in row])


def _line(cells: Iterable[str]) -> str:
    sink = io.StringIO()
    csv.writer(sink).writerow(cells)
    return sink.getvalue()

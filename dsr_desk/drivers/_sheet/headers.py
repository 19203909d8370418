"""Which row of a sheet holds the names of the columns: titles and notes often stand above it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dsr_desk.errors import UsageError
from dsr_desk.model.catalog import Collection, System
from dsr_desk.model.values import Value, as_text

#: So many rows are looked at.
LOOKED_AT = 30


def asked(system: System, collection: Collection | None) -> int | None:
    """The row that the catalog names under ``options: {header: 4}``, of the collection or of the system.

    ``UsageError`` where it is no row number.
    """
    given = (collection.options if collection else {}).get("header", system.options.get("header"))
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, int) or given < 1:
        raise UsageError(
            f"{system.name}: header: must be the number of a row.", "Write header: 4 where row 4 has the column names."
        )
    return given


def header_row(rows: Iterable[tuple[int, Sequence[Value]]], listed: Iterable[str]) -> int:
    """The number of the header among the first rows.

    It is the first row that has every name the catalog lists. Where none has, or nothing is listed: the first row, unless that has
    one cell while others have more; then the first of those with the most cells in which all are different texts.
    """
    names = set(listed)
    cells = {number: [text.strip() for v in row if (text := as_text(v)) and text.strip()] for number, row in rows}
    filled = {number: texts for number, texts in cells.items() if texts}
    if names:
        for number, texts in filled.items():
            if names <= set(texts):
                return number
    first = min(filled, default=1)
    widest = max(map(len, filled.values()), default=0)
    if widest < 2 or len(filled[first]) > 1:
        return 1
    return next((n for n, texts in filled.items() if len(texts) == widest == len({*texts}) and not any(map(_number, texts))), 1)


def _number(text: str) -> bool:
    return text.replace(".", "").replace(",", "").lstrip("-+").isdecimal()

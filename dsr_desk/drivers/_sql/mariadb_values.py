"""Values between Python and MariaDB or MySQL: what Python has no value for stays the server's own text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from pymysql.constants import FIELD_TYPE
from pymysql.converters import conversions, convert_timedelta

from dsr_desk.drivers._sql.live import Table
from dsr_desk.model.values import Value

TEXTS = frozenset({"char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum", "set"})
WHOLE = frozenset({"tinyint", "smallint", "mediumint", "int", "bigint", "bit"})
BINARY = frozenset({"binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob"})

_SURROGATE = re.compile("[\ud800-\udfff]")
_BEYOND_BMP = re.compile("[\U00010000-\U0010ffff]")
_WHOLE = re.compile(r"-?\d{1,20}", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,65}(\.\d{1,38})?(E-?\d{1,2})?", re.IGNORECASE | re.ASCII)
_HEX = re.compile(r"([0-9a-f]{2})+")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_DATETIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{1,6})?")
_TIME = re.compile(r"-?\d{1,3}:\d\d:\d\d(\.\d{1,6})?")
_DAY = timedelta(days=1)
_MIDNIGHT = datetime(2000, 1, 1)  # noqa: DTZ001  # a time of the day has no zone


def _bits(data: bytes) -> int:
    return int.from_bytes(data, "big")


def _time(text: str) -> time | str:
    """A time of the day; ``TIME`` can also hold spans of more than a day, and negative ones, which stay text."""
    span = convert_timedelta(text)
    if isinstance(span, timedelta) and timedelta() <= span < _DAY:
        return (_MIDNIGHT + span).time()
    return text


#: For PyMySQL: how each of the server's types is read, and each of Python's is written.
CONVERSIONS = {**conversions, FIELD_TYPE.BIT: _bits, FIELD_TYPE.TIME: _time}


def texts_in(charset: str, texts: Sequence[str]) -> list[str]:
    """Those of the texts that a column of this character set may hold."""
    odd = _SURROGATE if charset != "utf8mb3" else re.compile(f"{_SURROGATE.pattern}|{_BEYOND_BMP.pattern}")
    return [t for t in texts if not odd.search(t)]


def values_in(kind: str, texts: Sequence[str]) -> list[Value] | None:
    """Those of the texts that a column of this kind can hold, as it is compared with them; ``None`` where that can't be said."""
    read = _READ.get(kind)
    if read is None:
        return None
    found = (read(text) for text in texts)
    return [value for value in found if value is not None]


def _whole(text: str) -> int | None:
    number = int(text) if _WHOLE.fullmatch(text) else None
    return number if number is not None and -(2**63) <= number < 2**64 else None


def _shaped(shape: re.Pattern[str], make: Callable[[str], Any] = str) -> Callable[[str], Any]:
    return lambda text: make(text) if shape.fullmatch(text) else None


def _moment(text: str) -> str | None:
    """A date and time that exists, or one of the zero dates of old tables; any other is an error to MySQL."""
    if not _DATETIME.fullmatch(text):
        return None
    return text.replace("T", " ") if _exists(datetime, text) else None


def _day(text: str) -> str | None:
    return text if _DATE.fullmatch(text) and _exists(date, text) else None


def _exists(kind: type[date], text: str) -> bool:
    try:
        kind.fromisoformat(text)
    except ValueError:
        return "-00" in text
    return True


_READ: Mapping[str, Callable[[str], Any]] = {
    **dict.fromkeys(WHOLE, _whole),
    **dict.fromkeys(BINARY, _shaped(_HEX, bytes.fromhex)),
    "decimal": _shaped(_NUMBER, Decimal),
    "uuid": _shaped(_UUID),
    "date": _day,
    "datetime": _moment,
    "timestamp": _moment,
    "time": _shaped(_TIME),
}


def charset(table: Table, name: str) -> str:
    """The character set of a column of text."""
    return table.charsets.get(name, "utf8mb4")

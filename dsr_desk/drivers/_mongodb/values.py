"""BSON and plain values: what a document's fields hold, and how a plan's value is written in the type that stood there.

Types that nothing else has are shown as the shell writes them (``Timestamp(1, 2)``); an ObjectId is its 24 hexadecimal digits.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from bson import Binary, Code, DatetimeMS, DBRef, Decimal128, Int64, ObjectId, Regex, Timestamp

from dsr_desk.drivers._rows.nested import assigned, flatten, spread
from dsr_desk.model.schema import ColumnType
from dsr_desk.model.values import Value

#: Texts of types that are not counted up: objects, lists, what only the shell writes, numbers beyond all bounds.
_UNCOUNTED = re.compile(r"[\[{]|(Timestamp|Regex|Code|MinKey|MaxKey|Date|DBRef)\(|-?(s?NaN|Infinity|nan|inf)$|-?[0-9]{19}")
_WHOLE = re.compile(r"-?[0-9]{1,18}")
_FRACTION = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?([eE]-[0-9]{1,3})?")
_HEX = re.compile("([0-9a-f]{2})*")
#: Which kinds of binary data are looked for by their text: any, old, UUID as it was, MD5, somebody's own.
_SUBTYPES = (0, 2, 3, 5, 128)
_OBJECT_ID = re.compile("[0-9a-f]{24}")


class UnwritableError(Exception):
    """A value that can't stand in a document: ``why`` and ``cure`` say it without the value."""

    def __init__(self, why: str, cure: str) -> None:
        super().__init__(why)
        self.why = why
        self.cure = cure


def plain(raw: Any) -> Value:
    """The value of a field, of types that ``freeze`` and ``as_text`` know."""
    kind = type(raw)
    if raw is None or kind in (str, int, bool, float, bytes, UUID):
        return raw
    if isinstance(raw, Mapping):
        return {str(k): plain(v) for k, v in raw.items()}
    if isinstance(raw, list):
        return [plain(v) for v in raw]
    if isinstance(raw, datetime):
        return raw.astimezone(UTC)
    if isinstance(raw, Decimal128):
        return raw.to_decimal()
    if isinstance(raw, DBRef):
        return plain(raw.as_doc())
    if isinstance(raw, Int64):
        return int(raw)
    if isinstance(raw, Binary):
        return bytes(raw)
    return _shown(raw)


def _shown(raw: Any) -> str:
    match raw:
        case ObjectId():
            return str(raw)
        case Timestamp():
            return f"Timestamp({raw.time}, {raw.inc})"
        case Regex():
            return f"Regex({raw.pattern!r}, {raw.flags})"
        case DatetimeMS():
            return f"Date({int(raw)})"
        case Code():
            return f"Code({str(raw)!r})"
    return f"{type(raw).__name__}()"


def record(document: Mapping[str, Any]) -> dict[str, Value]:
    """A document as the fields of a record. ``_id`` stays whole, whatever it is; a dot in a name at the top is written ``\\.``."""
    rest = {escaped(k): plain(v) for k, v in document.items() if k != "_id"}
    return {"_id": plain(document.get("_id")), **flatten(rest)}


def escaped(name: str) -> str:
    """A name at the top of a document, which can't be mistaken for a path."""
    return name.replace("\\", "\\\\").replace(".", "\\.")


def changes(document: Mapping[str, Any], writes: Mapping[str, Value]) -> dict[str, Any]:
    """What every field at the top of the document that ``writes`` reach will hold, whole; ``UnwritableError`` where it can't be."""
    opened = {escaped(k): _opened(v) for k, v in document.items()}
    before, after = flatten(opened), opened
    for path, value in writes.items():
        if "\\" in path or path.startswith("$") or not path:
            raise UnwritableError(
                "its name has a dot in it or begins with $, and MongoDB can't set such a field", "Leave it to a person"
            )
        old = before.get(path)
        after = _placed(after, path, stored(spread(path, value, old), old))
    return {name: after[name] for name in dict.fromkeys(_top(opened, path) for path in writes)}


def _top(opened: Mapping[str, Any], path: str) -> str:
    return path if path in opened else path.partition(".")[0].removesuffix("[]")


def _opened(value: Any) -> Any:
    if isinstance(value, DBRef):
        return dict(value.as_doc())
    if isinstance(value, Mapping):
        return {k: _opened(v) for k, v in value.items()}
    return [_opened(v) for v in value] if isinstance(value, list) else value


def _placed(document: Mapping[str, Any], path: str, value: Any) -> dict[str, Any]:
    try:
        return assigned(document, {path: value})
    except LookupError:
        pass
    if "[]" in path:
        raise UnwritableError("the record has no such list", "Search again and make a new plan")
    made = inner = assigned(document, {})
    *above, last = path.split(".")
    for name in above:
        inner = inner.setdefault(name, {})
        if not isinstance(inner, dict):
            raise UnwritableError("what stands above it is no object", "Correct the field's name in the catalog")
    inner[last] = value
    return made


def stored(value: Value, before: Any) -> Any:
    """The value as BSON, in the type that stood there where both are of one kind. Only what is read back the same is taken."""
    if isinstance(value, list):
        old = before if isinstance(before, list) and len(before) == len(value) else [None] * len(value)
        return [stored(v, o) for v, o in zip(value, old, strict=True)]
    if isinstance(value, dict):
        old_of = before if isinstance(before, Mapping) else {}
        return {k: stored(v, old_of.get(k)) for k, v in value.items()}
    if isinstance(value, str):
        return _text(value, before)
    if isinstance(value, bool) or value is None or isinstance(value, float | UUID):
        return value
    if isinstance(value, int):
        return _whole(value, before)
    if isinstance(value, bytes):
        return Binary(value, before.subtype) if isinstance(before, Binary) else value
    if isinstance(value, Decimal):
        return _decimal(value)
    if isinstance(value, datetime):
        return _moment(value)
    raise UnwritableError("MongoDB has no such kind of value", "Write a text, a number, or a date with its time")


def _text(value: str, before: Any) -> Any:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise UnwritableError("a half of a character pair is no text for MongoDB", "Write it without that character") from None
    return ObjectId(value) if isinstance(before, ObjectId) and _OBJECT_ID.fullmatch(value) else value


def _whole(value: int, before: Any) -> int:
    if not -(2**63) <= value < 2**63:
        raise UnwritableError("MongoDB has no whole numbers beyond 64 bits", "Write a smaller number, or a text")
    return Int64(value) if isinstance(before, Int64) else value


def _decimal(value: Decimal) -> Decimal128:
    try:
        made = Decimal128(value)
    except ArithmeticError:
        raise UnwritableError("a decimal of MongoDB has 34 digits at most", "Write fewer digits") from None
    if str(made.to_decimal()) != str(value):
        raise UnwritableError("MongoDB would write this decimal otherwise", "Write fewer digits")
    return made


def _moment(value: datetime) -> datetime:
    if value.utcoffset() != timedelta(0) or value.microsecond % 1000:
        raise UnwritableError(
            "MongoDB keeps times in UTC, to the millisecond, and would keep another one", "Write the time in UTC, in milliseconds"
        )
    return value


def candidates(text: str) -> list[Any] | None:
    """Every scalar whose text, by which systems are compared, may be this one; ``None`` where they can't be counted up.

    Whole numbers of all types compare as one in MongoDB, a decimal fraction and a float don't.
    """
    if _UNCOUNTED.match(text):
        return None
    found: list[Any] = []
    with suppress(UnicodeEncodeError):  # what can't be written as UTF-8 stands in no document
        text.encode("utf-8")
        found.append(text)
    if _WHOLE.fullmatch(text):
        found.append(int(text))
    elif _FRACTION.fullmatch(text):
        found += [float(text), Decimal128(text)]
    if text in ("true", "false"):
        found.append(text == "true")
    if _OBJECT_ID.fullmatch(text):
        found.append(ObjectId(text))
    if _HEX.fullmatch(text):
        found += [Binary(bytes.fromhex(text), subtype) for subtype in _SUBTYPES]
    with suppress(ValueError):
        found.append(UUID(text))
    with suppress(ValueError):
        moment = datetime.fromisoformat(text)
        found += [moment] if moment.tzinfo else []
    return found


def column_type(value: Value) -> ColumnType:
    """The kind of value, as a catalog's strategies know it."""
    kinds: list[tuple[type, ColumnType]] = [
        (bool, "boolean"),
        (str, "text"),
        (int, "integer"),
        (float, "float"),
        (Decimal, "decimal"),
        (datetime, "datetime"),
        (date, "date"),
        (time, "time"),
        (bytes, "binary"),
        (UUID, "uuid"),
        (list, "json"),
        (dict, "json"),
    ]
    return next((name for kind, name in kinds if isinstance(value, kind)), "any")

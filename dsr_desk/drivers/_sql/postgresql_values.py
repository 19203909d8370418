"""Values between Python and PostgreSQL: none of its types may stop a search, and all are compared as text."""

from __future__ import annotations

import re
import struct
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Self

import psycopg
from psycopg.abc import AdaptContext
from psycopg.adapt import Buffer, Dumper, Loader
from psycopg.pq import Format
from psycopg.types.json import set_json_loads

from dsr_desk.drivers._sql.paths import loads
from dsr_desk.model.values import Value, as_text

_NUMBER = re.compile(r"-?\d{1,400}(\.\d{1,400})?(E-?\d{1,3})?", re.IGNORECASE | re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DAYS = re.compile(r"^\d{5,}-| BC$")  # after the year 9999, before Christ
_TINY = re.compile(r"e-\d\d", re.IGNORECASE)
#: Values that only the server can check.
_BEYOND = {"date": _DAYS, "timestamp": _DAYS, "timestamptz": _DAYS, "float4": _TINY, "float8": _TINY}
_NOT_TEXT = re.compile("[\x00\ud800-\udfff]")


class _Text(Loader):
    """The server's own text. Bytes that are not UTF-8 come back as lone surrogates."""

    def load(self, data: Buffer) -> Any:
        return bytes(data).decode("utf-8", "surrogateescape")


class _Padded(_Text):
    """``char(n)``, whose trailing blanks mean nothing (PostgreSQL manual, section 8.3)."""

    def load(self, data: Buffer) -> Any:
        return super().load(data).rstrip(" ")


class Packed(bytes):
    """An array in the form that the server keeps (``array_recv``), so that it has nothing to parse."""

    #: The element's type: its name, its number, and how many bytes each value has.
    kind: ClassVar[str]
    number: ClassVar[int]
    width: ClassVar[int]

    @classmethod
    def of(cls, values: Sequence[str]) -> Self:
        """The array of these values, each given in hexadecimal."""
        begin = f"{cls.width:08x}"
        return cls(struct.pack("!iiiii", 1, 0, cls.number, len(values), 1) + bytes.fromhex(begin + begin.join(values)))


class Places(Packed):
    """Where rows stand: ``tid[]``."""

    kind, number, width = "tid", 27, 6


class Digests(Packed):
    """SHA-256 digests: ``bytea[]``."""

    kind, number, width = "bytea", 17, 32


def _sent_as(packed: type[Packed]) -> type[Dumper]:
    class AsItIs(Dumper):
        format = Format.BINARY
        oid = psycopg.adapters.types[packed.kind].array_oid

        def dump(self, obj: Packed) -> bytes:
            return obj

    return AsItIs


def _or_text(usual: type[Any]) -> type[Loader]:
    """The usual loader, and the server's text for what Python has no value for: ``infinity``, years before Christ, 24:00."""

    class Lenient(_Text):
        def __init__(self, oid: int, context: AdaptContext | None = None) -> None:
            super().__init__(oid, context)
            self._usual = usual(oid, context)

        def load(self, data: Buffer) -> Any:
            try:
                return self._usual.load(data)
            except (psycopg.DataError, ValueError, OverflowError):
                return super().load(data)

    return Lenient


def register_loaders(raw: psycopg.Connection[Any]) -> None:
    """Make the connection give text where Python's own types lose something or fail, and take arrays that are packed."""
    for packed in (Places, Digests):
        raw.adapters.register_dumper(packed, _sent_as(packed))
    types = raw.adapters.types
    for name in ("date", "timestamp", "timestamptz", "time", "timetz"):
        usual = raw.adapters.get_loader(types[name].oid, Format.TEXT)
        if usual is not None:
            raw.adapters.register_loader(name, _or_text(usual))
    ranges = [f"{kind}{suffix}" for kind in ("int4", "int8", "num", "date", "ts", "tstz") for suffix in ("range", "multirange")]
    for name in ("inet", "cidr", "interval", *ranges):
        raw.adapters.register_loader(name, _Text)
    raw.adapters.register_loader("bpchar", _Padded)
    set_json_loads(loads, raw)
    if raw.info.parameter_status("server_encoding") == "SQL_ASCII":
        for name in ("text", "varchar", "name"):
            raw.adapters.register_loader(name, _Text)


def texts_in(texts: Sequence[str]) -> list[str]:
    """Those of the texts that PostgreSQL can hold."""
    return [t for t in texts if not _NOT_TEXT.search(t)]


def numbers_in(kind: str, texts: Sequence[str]) -> list[str] | None:
    """Those of the texts that a column of this kind can hold; ``None`` where that can't be said."""
    takes = _TAKES.get(kind)
    beyond = _BEYOND.get(kind)
    if takes is None or (beyond is not None and any(map(beyond.search, texts))):
        return None
    return [t for t in texts if takes(t)]


def written(value: Value) -> str | None:
    """A value that was read, as text that the server reads back as the same value of its column's type."""
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    if isinstance(value, float):
        return repr(value)
    return str(value) if isinstance(value, Decimal | int) and not isinstance(value, bool) else as_text(value)


def _integer(bits: int) -> Callable[[str], bool]:
    whole, least, beyond = re.compile(r"-?\d{1,19}", re.ASCII).fullmatch, -(2 ** (bits - 1)), 2 ** (bits - 1)
    return lambda text: whole(text) is not None and least <= int(text) < beyond


def _float(largest: float) -> Callable[[str], bool]:
    return lambda text: text in ("inf", "-inf", "nan") or (bool(_NUMBER.fullmatch(text)) and abs(float(text)) <= largest)


def _parsed_by(parse: Callable[[str], object]) -> Callable[[str], bool]:
    def takes(text: str) -> bool:
        try:
            parse(text)
        except ValueError:
            return text.endswith("infinity")
        return text.isascii()

    return takes


_TAKES: Mapping[str, Callable[[str], bool]] = {
    "int2": _integer(64),  # compared as bigint, so that an index on the smaller type still answers
    "int4": _integer(64),
    "int8": _integer(64),
    "oid": _integer(32),
    "numeric": lambda text: bool(_NUMBER.fullmatch(text)),
    "float4": _float(3.4e38),
    "float8": _float(sys.float_info.max),
    "bool": lambda text: text in ("true", "false"),
    "uuid": lambda text: bool(_UUID.fullmatch(text)),
    "date": _parsed_by(date.fromisoformat),
    "timestamp": _parsed_by(datetime.fromisoformat),
    "timestamptz": _parsed_by(datetime.fromisoformat),
}

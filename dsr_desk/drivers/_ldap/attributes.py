"""What a directory's own schema says of attributes (RFC 4512), and their values as the program has them.

One value stands as itself; several, which have no order, as a sorted list. A directory has no empty values: none is ``None``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from dsr_desk.drivers._ldap.dn import canonical, parse
from dsr_desk.model.schema import ColumnType
from dsr_desk.model.values import Value, as_text

_SYNTAX = "1.3.6.1.4.1.1466.115.121.1."
#: Syntaxes (RFC 4517) whose values are bytes: audio, binary, certificates, fax, JPEG, octet string.
_BYTES = frozenset(_SYNTAX + n for n in ("4", "5", "8", "9", "10", "23", "28", "40"))
BOOLEAN, COUNTRY, NAME, TEXT, TIME, IA5, INTEGER, NUMERIC, PRINTABLE, TELEPHONE = (
    _SYNTAX + n for n in ("7", "11", "12", "15", "24", "26", "27", "36", "44", "50")
)
_NAMES = frozenset({NAME, _SYNTAX + "34"})
_PRINTABLE = r"[A-Za-z0-9'()+,\-./:? =]+"
_FORMS = {PRINTABLE: _PRINTABLE, TELEPHONE: _PRINTABLE, NUMERIC: "[0-9 ]+", COUNTRY: "[A-Za-z]{2}", INTEGER: "-?(0|[1-9][0-9]*)"}
_TIME = re.compile(r"(\d{14})(?:\.0+)?Z")
_TYPES: Mapping[str, ColumnType] = {BOOLEAN: "boolean", TIME: "datetime", INTEGER: "integer"}


class UnfitError(Exception):
    """A value that the directory's schema does not allow; ``why`` says it without the value."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Rule:
    """What the schema says of one attribute: syntax and matching rules by their names, whether it has one value, whose it is."""

    name: str
    syntax: str = ""
    equality: str = ""
    substring: str = ""
    single: bool = False
    of_server: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """An object class with what it demands and allows, as attribute names in small letters."""

    above: tuple[str, ...]
    must: frozenset[str]
    may: frozenset[str]


class Attributes:
    """The schema of one directory. ``known`` is ``False`` where it publishes none."""

    def __init__(self, types: Iterable[Any], classes: Iterable[Any]) -> None:
        """``types`` and ``classes`` are the definitions as ``ldap3`` reads them."""
        self._types = {str(n).lower(): t for t in types for n in (*(t.name or ()), t.oid)}
        self._first = {name: str((t.name or (t.oid,))[0]).lower() for name, t in self._types.items()}
        self._kinds = {str(n).lower(): self._kind(c) for c in classes for n in (*(c.name or ()), c.oid)}
        self._rules: dict[str, Rule] = {}

    @property
    def known(self) -> bool:
        """Whether the directory says what its attributes are."""
        return bool(self._types)

    def _kind(self, definition: Any) -> Kind:
        def names(listed: Any) -> frozenset[str]:
            return frozenset(self.first(str(n)) for n in listed or ())

        return Kind(
            tuple(str(n).lower() for n in definition.superior or ()), names(definition.must_contain), names(definition.may_contain)
        )

    def has(self, name: str) -> bool:
        """Whether there is such an attribute, spelt exactly like this."""
        definition = self._types.get(_bare(name))
        return definition is not None and name.partition(";")[0] in {str(n) for n in definition.name or ()}

    def first(self, name: str) -> str:
        """The name under which an attribute is compared: its first, in small letters, without options."""
        return self._first.get(_bare(name), _bare(name))

    def rule(self, name: str) -> Rule:
        """What holds for an attribute; what its superior says where it says nothing itself (RFC 4512 section 2.5.1)."""
        bare = self.first(name)
        if bare not in self._rules:
            self._rules[bare] = self._inherited(bare)
        return self._rules[bare]

    def _inherited(self, name: str) -> Rule:
        syntax = equality = substring = ""
        single = of_server = False
        at: str | None = name
        for _ in range(20):
            definition = self._types.get(at or "")
            if definition is None:
                break
            syntax = syntax or str(definition.syntax or "").partition("{")[0]
            equality = equality or _one(definition.equality)
            substring = substring or _one(definition.substring)
            single = single or bool(definition.single_value and at == name)
            of_server = of_server or bool(definition.no_user_modification and at == name)
            at = _one(definition.superior).lower()
        return Rule(name, syntax, equality, substring, single, of_server)

    @cached_property
    def exact(self) -> frozenset[str]:
        """Attributes that tell small letters from big ones."""
        return frozenset(n for n in self._types if self.rule(n).equality.lower().startswith("caseexact"))

    @cached_property
    def naming(self) -> tuple[str, ...]:
        """The attributes that users write and that name other entries: members, owners, managers …"""
        firsts = sorted(set(self._first.values()))
        return tuple(
            n for n in firsts if (r := self.rule(n)).syntax in _NAMES and r.equality and not r.of_server and n[0].isalpha()
        )

    def allowed(self, classes: Iterable[str]) -> tuple[frozenset[str], frozenset[str] | None]:
        """What an entry of these classes must and may have; ``None`` where it may have anything, or a class is not known."""
        must: frozenset[str] = frozenset()
        may: frozenset[str] = frozenset()
        todo, seen = [c.lower() for c in classes], set()
        open_ended = not self.known or "extensibleobject" in todo
        while todo:
            name = todo.pop()
            if name in seen:
                continue
            seen.add(name)
            kind = self._kinds.get(name)
            if kind is None:
                open_ended = True
                continue
            must, may = must | kind.must, may | kind.may
            todo += kind.above
        return must, None if open_ended else may | must

    def column_type(self, name: str) -> ColumnType:
        """The kind of value an attribute has."""
        rule = self.rule(name)
        return "binary" if rule.syntax in _BYTES or ";binary" in name.lower() else _TYPES.get(rule.syntax, "text")

    def name(self, dn: str) -> str:
        """A distinguished name in one spelling."""
        return canonical(dn, self.exact)

    # -- values ------------------------------------------------------------------------------------------------------

    def read(self, name: str, raw: Iterable[bytes]) -> Value:
        """The values of an attribute, as a record has them."""
        found = sorted((self._read(name, one) for one in raw), key=lambda v: (type(v).__name__, as_text(v) or ""))
        return found if len(found) > 1 else found[0] if found else None

    def _read(self, name: str, raw: bytes) -> Value:
        rule = self.rule(name)
        if rule.syntax in _BYTES or ";binary" in name.lower():
            return raw
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            return raw
        if rule.syntax in _NAMES:
            return self.name(text)
        if rule.syntax == INTEGER and re.fullmatch(_FORMS[INTEGER], text) and len(text) < 1000:
            return int(text)
        if rule.syntax == BOOLEAN and text in ("TRUE", "FALSE"):
            return text == "TRUE"
        return _moment(text) if rule.syntax == TIME else text

    def written(self, name: str, value: Value) -> list[bytes]:
        """The values as a directory takes them; ``UnfitError`` where the schema does not allow one."""
        many = value if isinstance(value, list) else [] if value is None else [value]
        if len(many) > 1 and self.rule(name).single:
            raise UnfitError("it takes one value only")
        return [self._written(name, one) for one in many]

    def _written(self, name: str, value: Value) -> bytes:
        rule = self.rule(name)
        if rule.syntax in _BYTES or isinstance(value, bytes):
            if isinstance(value, bytes | str):
                return value if isinstance(value, bytes) else _utf8(value)
            raise UnfitError("it takes bytes only")
        if rule.syntax == BOOLEAN:
            if not isinstance(value, bool):
                raise UnfitError("it takes yes or no only")
            return b"TRUE" if value else b"FALSE"
        if isinstance(value, datetime):
            if value.utcoffset() != timedelta(0) or value.microsecond or rule.syntax not in ("", TIME):
                raise UnfitError("it takes times in UTC, to the second")
            return value.strftime("%Y%m%d%H%M%SZ").encode("ascii")
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise UnfitError("it takes no such kind of value")
        return _utf8(_formed(rule, str(value)))


def _formed(rule: Rule, text: str) -> str:
    if rule.syntax != IA5 and not text:
        raise UnfitError("it takes no empty text")
    if rule.syntax == IA5 and not text.isascii():
        raise UnfitError("it takes letters without accents only (IA5)")
    if rule.syntax in _FORMS and not re.fullmatch(_FORMS[rule.syntax], text):
        raise UnfitError("it takes other characters only (its syntax in the directory's schema)")
    if rule.syntax == TIME and not re.fullmatch(r"\d{10,14}(\.\d+)?(Z|[+-]\d{4})", text):
        raise UnfitError("it takes a time only")
    if rule.syntax == NAME and parse(text) is None:
        raise UnfitError("it takes the name of an entry only")
    return text


def _utf8(text: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise UnfitError("it takes no half of a character pair") from None


def _moment(text: str) -> Value:
    matched = _TIME.fullmatch(text)
    try:
        return datetime.strptime(matched[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC) if matched else text
    except ValueError:
        return text


def _bare(name: str) -> str:
    return name.partition(";")[0].lower()


def _one(listed: Any) -> str:
    return str(listed[0]) if isinstance(listed, list | tuple) and listed else str(listed or "")

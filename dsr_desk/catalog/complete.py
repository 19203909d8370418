"""What may stand at a place of a catalog file that is being typed: keys, categories, strategies, columns, owners.

The text need not be YAML yet: the place is read from indentation and brackets above it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import get_args

from dsr_desk.catalog.edit import rendered
from dsr_desk.catalog.rules_collection import categories
from dsr_desk.catalog.shape import REFERENCE_KINDS, LegalBasis, keys_of, shape_at
from dsr_desk.model.catalog import Environment, OnErase, Source
from dsr_desk.strategies.base import Strategy

#: Kinds of identifiers that searches compare by rules of their own; any other word is compared exactly.
KINDS = ("email", "phone", "name", "given_name", "family_name", "date_of_birth", "iban", "national_id", "username", "customer_id")
GROUNDS = ("17(3)(a)", "17(3)(b)", "17(3)(c)", "17(3)(d)", "17(3)(e)")
#: How many are offered at once.
MOST = 200

_KEY = re.compile(r"\s*(?:- +)?(\"[^\"]*\"|'[^']*'|[^\s#\"'{\[:][^:#]*?)\s*:(?=\s|$)")
_WORD = re.compile(r"[^\s,{}\[\]]*$")
_FIXED: Mapping[str, Sequence[str]] = {
    "on_erase": get_args(OnErase),
    "environment": get_args(Environment),
    "source": get_args(Source),
    "legal_basis": get_args(LegalBasis),
    "identity": KINDS,
    "ground": GROUNDS,
    **dict.fromkeys(("subject", "mentions", "cascade", "compact"), ("true", "false")),
    "stored": ("plain",),
    "to": (),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a position is: under which keys, at a key or at a value, and what is typed of it already."""

    path: tuple[str, ...]
    at_key: bool
    typed: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A word as it would be written, and what it means (``""`` where it says so itself)."""

    word: str
    says: str = ""


@dataclass(frozen=True)
class Known:
    """What the program knows beyond the text: strategies, drivers, connectors, live tables, and live columns by collection."""

    strategies: Mapping[str, type[Strategy]] = field(default_factory=dict)
    drivers: Sequence[str] = ()
    connectors: Sequence[str] = ()
    tables: Sequence[str] = ()
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    targets: Sequence[str] = ()


def offers(text: str, at: int, known: Known) -> tuple[Place, tuple[Offer, ...]]:
    """The place at position ``at``, and what may stand there: what begins with the typed letters first, then what holds them."""
    place = place_at(text, at)
    every = _keys(place.path, known) if place.at_key else _values(place.path, known)
    typed = place.typed.strip("\"'").lower()
    begins = [o for o in every if o.word.lower().startswith(typed)]
    holds = [o for o in every if typed in o.word.lower() and o not in begins]
    return place, tuple(dict.fromkeys([*begins, *holds]))[:MOST]


def place_at(text: str, at: int) -> Place:
    """The place of a position."""
    blocks: list[tuple[int, str]] = []
    flow = _Flow()
    lines = text[:at].split("\n")
    for line in lines[:-1]:
        if flow.open:
            flow.read(line)
            continue
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        _enter(blocks, flow, line)
    last = lines[-1]
    if not flow.open:
        key = _KEY.match(last)
        if key is None and last.lstrip()[:1] not in tuple("{["):
            indent = len(last) - len(last.lstrip())
            path = tuple(name for deep, name in blocks if deep < indent)
            return Place(path, True, last.strip())
        _enter(blocks, flow, last)
    else:
        flow.read(last)
    path = tuple(name for _, name in blocks)
    if flow.open:
        return Place((*path, *flow.path), flow.at_key, flow.typed)
    found = _WORD.search(last)
    return Place(path, False, found[0] if found else "")


def _enter(blocks: list[tuple[int, str]], flow: _Flow, line: str) -> None:
    key = _KEY.match(line)
    if key is None:
        if line.lstrip()[:1] in tuple("{["):  # the value of the key above it
            flow.read(line)
        return
    indent = len(line) - len(line.lstrip())
    while blocks and blocks[-1][0] >= indent:
        blocks.pop()
    blocks.append((indent, key[1].strip("\"'")))
    flow.read(line[key.end() :])


class _Flow:
    """Brackets that are open: of each its kind, and the key whose value is being written."""

    def __init__(self) -> None:
        self._stack: list[tuple[str, str | None]] = []
        self._word = ""

    @property
    def open(self) -> bool:
        """Whether a bracket is open."""
        return bool(self._stack)

    @property
    def path(self) -> tuple[str, ...]:
        """The keys inside the brackets."""
        return tuple(key for _, key in self._stack if key is not None)

    @property
    def at_key(self) -> bool:
        """Whether a key is being written."""
        return self._stack[-1] == ("{", None)

    @property
    def typed(self) -> str:
        """What is typed of the word."""
        return self._word.strip()

    def read(self, line: str) -> None:
        """The next line, or a piece of one."""
        quote = ""
        for at, char in enumerate(line):
            if quote:
                quote = "" if char == quote else quote
                self._word += char
            elif char in "\"'" and not self._word.strip():
                quote = char
                self._word += char
            elif char == "#" and (at == 0 or line[at - 1].isspace()):
                return
            elif char in "{[":
                self._stack.append((char, None))
                self._word = ""
            elif char in "}]" and self._stack:
                self._stack.pop()
                self._word = ""
            elif char == "," and self._stack:
                self._stack[-1] = (self._stack[-1][0], None)
                self._word = ""
            elif char == ":" and self._stack and self._stack[-1] == ("{", None) and line[at + 1 : at + 2] in ("", " "):
                self._stack[-1] = ("{", self._word.strip().strip("\"'"))
                self._word = ""
            else:
                self._word += char


def _keys(path: tuple[str, ...], known: Known) -> Iterable[Offer]:
    match path:
        case ("collections",):
            return [Offer(rendered(t)) for t in known.tables]
        case ("collections", name, "fields"):
            return [Offer(rendered(c)) for c in known.columns.get(name, ())]
        case (*_, "erase"):
            return _strategies(known)
        case (*_, "erase", strategy) if strategy in known.strategies:
            return [Offer(n, p.says) for n, p in known.strategies[strategy].parameters.items()]
        case (*_, "options") | (*_, "set") | (*_, "lift") | (*_, "when"):
            return []
    shape = shape_at(path)
    if shape is None:
        return []
    return [Offer(key, shape.model_fields[_name(shape, key)].description or "") for key in keys_of(shape)]


def _name(shape: type, key: str) -> str:
    fields = shape.model_fields  # type: ignore[attr-defined]  # every shape is a pydantic model
    return str(next(name for name, info in fields.items() if key in (name, info.alias)))


def _values(path: tuple[str, ...], known: Known) -> Iterable[Offer]:
    last = path[-1] if path else ""
    if last == "is" and len(path) > 1:
        last = path[-2]
    if last == "category":
        return [Offer(c) for c in sorted(categories())]
    if last == "erase":
        return _strategies(known)
    if last in REFERENCE_KINDS or last == "to":
        return [Offer(rendered(t)) for t in known.targets]
    if last == "driver":
        return [Offer(d) for d in known.drivers]
    if last == "connector":
        return [Offer(c) for c in known.connectors]
    if last == "key" and len(path) > 1:
        return [Offer(rendered(c)) for c in known.columns.get(path[1], ())]
    return [Offer(rendered(w) if last == "ground" else w) for w in _FIXED.get(last, ())]


def _strategies(known: Known) -> list[Offer]:
    return [Offer(name, strategy.about().does.replace("``", "")) for name, strategy in sorted(known.strategies.items())]

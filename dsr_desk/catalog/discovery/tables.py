"""What the schema says of each collection, and an index over their names: which ones a column's name could mean."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from dsr_desk.catalog.discovery.lexicon import RANK, fields, noun
from dsr_desk.catalog.discovery.naming import bare, common_prefix, forms, joined, stem, words
from dsr_desk.catalog.discovery.wordlists import listed
from dsr_desk.model.schema import Column, LiveCollection

_NUMBERS = frozenset({"integer", "decimal", "float"})
#: What stands behind a person's word in the name of a table that still holds persons: ``customer_entity``, ``user_accounts``.
_EMPTY_HEADS = listed("empty heads")
_SHORTEST_ABBREVIATION = 3


@dataclass(frozen=True)
class Table:
    """One collection: its name in words, and what names its rows. ``key`` is empty where nothing does."""

    name: str
    live: LiveCollection
    words: tuple[str, ...]
    key: tuple[str, ...]
    key_evidence: str
    key_declared: bool

    @property
    def columns(self) -> Mapping[str, Column]:
        """Its columns by name."""
        return self.live.columns

    @cached_property
    def concept(self) -> str | None:
        """What the noun in its name means: that of the last word, in Romance languages of the first."""
        parts = [w for w in self.words if not w.isdigit()]
        while len(parts) > 1 and parts[-1] in _EMPTY_HEADS:
            parts.pop()
        if not parts:
            return None
        whole = noun(joined(parts))
        if whole or len(parts) == 1:
            return whole or _compound(parts[0])
        return noun(parts[-1])

    @property
    def rank(self) -> int:
        """How near its rows are to those whom a system is about, 3 to 1; 0 where they are no persons by their name."""
        return RANK.get(self.concept or "", 0)

    def unique(self, columns: tuple[str, ...]) -> bool:
        """Whether the system keeps these columns unique."""
        wanted = set(columns)
        primary = {c.name for c in self.columns.values() if c.primary_key}
        return (bool(primary) and primary <= wanted) or any(set(u) <= wanted for u in self.live.unique)


def _compound(word: str) -> str | None:
    """The noun at the end of one long word: ``kundenstamm`` has none, ``firmenkunden`` is a customer."""
    for at in range(3, len(word) - 3):
        if (found := noun(word[at:])) and len(word) - at >= 5:
            return found
    return None


def tables(collections: Mapping[str, LiveCollection]) -> dict[str, Table]:
    """The facts of each collection."""
    names = {name: name.rpartition(".")[2] or name for name in collections}
    common = common_prefix(names.values())
    found = {}
    for name, live in collections.items():
        parts = bare(words(names[name]), common)
        found[name] = Table(name, live, parts, *_key(live, parts))
    return found


def _key(live: LiveCollection, parts: tuple[str, ...]) -> tuple[tuple[str, ...], str, bool]:
    primary = tuple(c.name for c in live.columns.values() if c.primary_key)
    if primary:
        return primary, "the system's own primary key", True
    if live.unique:
        shortest = min(live.unique, key=lambda u: (len(u), any(live.columns[c].nullable for c in u if c in live.columns)))
        return tuple(shortest), "the system keeps it unique", True
    for column in live.columns:
        said = words(column)
        rest, marked = stem(said)
        if marked and (not rest or any(f in forms(joined(rest)) for f in forms(joined(parts)))):
            return (column,), "no rule keeps it unique, but its name says that it names a row", False
        if said in (("id",), ("uid",), ("uuid",), ("dn",), ("message", "id"), ("path",), ("key",), ("no",), ("nr",)):
            return (column,), "no rule keeps it unique, but its name says that it names a row", False
    return (), "", False


def kind_of(column: Column) -> str:
    """The group of types within which references are."""
    return "number" if column.type in _NUMBERS else column.type


class Index:
    """Collections by the words of their names. Finding what a name could mean takes a few look-ups, however many there are."""

    def __init__(self, found: Mapping[str, Table]) -> None:
        self.tables = found
        self._whole: dict[str, list[str]] = defaultdict(list)
        self._tail: dict[str, list[str]] = defaultdict(list)
        self._begin: dict[str, list[str]] = defaultdict(list)
        self._concept: dict[str, list[str]] = defaultdict(list)
        self._keys: dict[str, list[str]] = defaultdict(list)
        for name, table in found.items():
            if len(table.key) != 1:
                continue
            self._add(self._whole, joined(table.words), name)
            if len(table.words) > 1 and table.words[-1] in _EMPTY_HEADS:
                self._add(self._whole, joined(table.words[:-1]), name)
            for at in range(1, len(table.words)):
                self._add(self._tail, joined(table.words[at:]), name)
            whole = joined(table.words)
            for length in range(_SHORTEST_ABBREVIATION, len(whole)):
                self._begin[whole[:length]].append(name)
            if table.concept:
                self._concept[table.concept].append(name)
            rest, _ = stem(words(table.key[0]))
            if rest:
                self._keys[table.key[0].lower()].append(name)

    @staticmethod
    def _add(index: dict[str, list[str]], word: str, name: str) -> None:
        for form in forms(word):
            index[form].append(name)

    def named(self, parts: tuple[str, ...]) -> dict[str, float]:
        """The collections whose whole name these words are."""
        return self._of(self._whole, joined(parts), 1.0)

    def tailed(self, parts: tuple[str, ...]) -> dict[str, float]:
        """The collections whose name ends with these words."""
        return self._of(self._tail, joined(parts), 0.8)

    def begun(self, word: str) -> dict[str, float]:
        """The collections whose name one short word begins, if there are few."""
        found = dict.fromkeys(self._begin.get(word, ()), 0.7)
        return found if len(found) <= 2 else {}

    def meant(self, word: str) -> dict[str, float]:
        """The collections whose noun means the same in another language."""
        concept = noun(word)
        return dict.fromkeys(self._concept.get(concept, ()), 0.65) if concept else {}

    def keyed(self, column: str) -> dict[str, float]:
        """The collections whose own key has this name, where that says more than ``id``."""
        return dict.fromkeys(self._keys.get(column.lower(), ()), 1.0)

    def _of(self, index: Mapping[str, list[str]], word: str, score: float) -> dict[str, float]:
        return {name: score for form in sorted(forms(word)) for name in index.get(form, ())}


def person_columns(columns: Iterable[str], own: tuple[str, ...]) -> dict[str, str]:
    """What of a person's data the columns name: the word of each category's last part → the column."""
    found: dict[str, str] = {}
    known = fields()
    for column in columns:
        parts = words(column)
        for rest in (parts, parts[len(own) :] if parts[: len(own)] == own or _prefixed(parts, own) else parts):
            meaning = known.get(joined(rest))
            if meaning and not meaning.text:
                found.setdefault(meaning.category, column)
    return found


def _prefixed(parts: tuple[str, ...], own: tuple[str, ...]) -> bool:
    return len(parts) > len(own) and all(not forms(a).isdisjoint(forms(b)) for a, b in zip(parts, own, strict=False))

"""Which columns could point at which collections: declared keys, and what names say. Values are asked later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from dsr_desk.catalog.discovery.lexicon import Role, noun, roles
from dsr_desk.catalog.discovery.naming import alike, forms, joined, stem, words
from dsr_desk.catalog.discovery.tables import Index, Table, kind_of
from dsr_desk.catalog.discovery.wordlists import listed
from dsr_desk.model.schema import Column

Why = Literal["declared", "key", "name", "role", "self"]
#: Below this a name says too little to ask the values.
_LEAST = 0.45
_MOST_TARGETS = 4
_TYPES = frozenset({"integer", "decimal", "float", "uuid", "text", "any", "other", "json"})
#: A number or text with such a last word counts, names or measures something.
_MEASURES = listed("measures")
#: A reference by such a name leads to another row of its own collection.
_SELF = listed("self")


@dataclass(frozen=True, slots=True)
class Link:
    """A column (or several) that may point at a collection's key; ``score`` is how far the name alone convinces, from 0 to 1.

    ``role`` is what the name says of the row when the target is a person.
    """

    collection: str
    columns: tuple[str, ...]
    target: str
    to: tuple[str, ...]
    why: Why
    score: float
    role: Role | None
    evidence: str
    #: The column and value that say that this one of several targets is meant (``commentable_type``: ``Post``).
    when: tuple[str, str] | None = None


def role_of(column: str, own: tuple[str, ...] = ()) -> Role | None:
    """What the name of a reference says of the row; ``None`` where it just names the person."""
    parts = _without(words(column), own)
    known = roles()
    if parts[-1:] == ("by",) or parts[-2:-1] == ("by",):
        return known.get(parts[0], "names")
    said = [known[p] for p in parts if p in known]
    if not said and len(parts) >= 1:
        rest, _ = stem(parts)
        said = [known[f] for p in rest for f in forms(p) if f in known]
    if "names" in said:
        return "names"
    return said[0] if said else None


def candidates(index: Index, persons: Mapping[str, float]) -> dict[str, list[Link]]:
    """Every collection's possible references, the likeliest of each column first. ``persons`` are those that may be persons."""
    by_table: dict[str, list[Link]] = {}
    for table in index.tables.values():
        declared = list(_declared(table, index))
        known = {link.columns for link in declared}
        found = list(declared)
        for column in table.columns.values():
            if (column.name,) not in known and _eligible(column, table):
                found += _of_column(column, table, index, persons)
        by_table[table.name] = found
    return by_table


def _declared(table: Table, index: Index) -> Iterator[Link]:
    seen: set[tuple[tuple[str, ...], str]] = set()
    for key in table.live.foreign_keys:
        target = index.tables.get(key.to_table)
        to = key.to_columns or (target.key if target else ())
        if (
            target is None
            or len(to) != len(key.columns)
            or not set(to) <= set(target.columns)
            or (key.columns, target.name) in seen
        ):
            continue
        seen.add((key.columns, target.name))
        role = role_of(key.columns[-1], table.words) if len(key.columns) == 1 else None
        yield Link(table.name, key.columns, target.name, to, "declared", 1.0, role, "a foreign key of the system")


def _eligible(column: Column, table: Table) -> bool:
    if column.type not in _TYPES or "[]" in column.name:
        return False
    parts = words(column.name)
    if not parts:
        return False
    _, marked = stem(parts)
    return marked or parts[-1] not in _MEASURES


def _of_column(column: Column, table: Table, index: Index, persons: Mapping[str, float]) -> list[Link]:
    parts = words(column.name)
    alone = table.key == (column.name,)
    scores: dict[str, float] = {}
    texts: dict[str, str] = {}
    for variant in dict.fromkeys((parts, _without(parts, table.words))):
        for name, score in _named(variant, column, index).items():
            if score > scores.get(name, 0.0):
                scores[name] = score
                texts[name] = "its name says so" if score >= 0.9 else "its name is like that collection's"
    for name, score in index.keyed(column.name).items():
        if name != table.name:
            better = score - (0.0 if _means(parts, index.tables[name]) else 0.15)
            if better > scores.get(name, 0.0):
                scores[name], texts[name] = better, "it has the name of that collection's key"
    scores.pop(table.name, None) if alone or not _is_self(parts, table) else None
    fits = {n: s for n, s in scores.items() if s >= _LEAST and _type_fits(column, index.tables[n])}
    role = role_of(column.name, table.words)
    found = [_link(table, column, index.tables[n], "name", s, role, texts[n]) for n, s in fits.items()]
    if alone:  # one row for each of another collection, which then has all of the name
        own = _means(parts, table)
        found = [link for link in found if link.score >= 0.9 and link.target != table.name and not own]
    if not alone and (not fits or max(fits.values()) < 0.6):
        found += _by_role(column, table, index, persons, role, parts)
    best: dict[str, Link] = {}
    for link in sorted(found, key=lambda one: (-one.score, -persons.get(one.target, 0.0), one.target)):
        best.setdefault(link.target, link)
    return list(best.values())[:_MOST_TARGETS]


def _named(parts: tuple[str, ...], column: Column, index: Index) -> dict[str, float]:
    rest, marked = stem(parts)
    if not rest:
        return {}
    scores: dict[str, float] = {}

    def add(found: Mapping[str, float], factor: float = 1.0) -> None:
        for name, score in found.items():
            scores[name] = max(scores.get(name, 0.0), score * factor)

    add(index.named(rest))
    for at in range(1, len(rest)):
        add(index.named(rest[at:]), 0.92 if marked else 0.8)
        if marked:
            add(index.named(rest[:at]), 0.72)
    add(index.tailed(rest))
    if len(rest) > 1:
        add(index.tailed(rest[-1:]), 0.7)
    if not scores and marked:
        add(index.begun(joined(rest)))
        add(index.begun(rest[-1]), 0.9)
    if not scores and (marked or noun(rest[-1])):
        add(index.meant(joined(rest)))
        add(index.meant(rest[-1]))
    factor = 1.0 if marked or column.type == "uuid" else 0.75 if column.type in ("integer", "any") else 0.6
    return {name: score * factor for name, score in scores.items()}


def _by_role(
    column: Column, table: Table, index: Index, persons: Mapping[str, float], role: Role | None, parts: tuple[str, ...]
) -> Iterator[Link]:
    rest, marked = stem(_without(parts, table.words) or parts)
    if _is_self(parts, table) and _type_fits(column, table):
        yield _link(table, column, table, "self", 0.7, role, "its name says that it leads to another row of the same collection")
    concept = next((c for p in reversed(rest) if (c := noun(p))), None)
    if parts[-1] in ("from", "to") and concept is None:  # whence, not who
        return
    if role is None and concept not in ("user", "staff", "customer", "person", "contact", "member"):
        return
    if column.type == "text" and not marked and role is None:
        return
    for name, sure in persons.items():
        person = index.tables[name]
        if name == table.name and not _is_self(parts, table):
            continue
        if _type_fits(column, person) and kind_of(column) == kind_of(person.columns[person.key[0]]):
            staff_first = (3 - person.rank if person.rank else 0) if role == "names" else person.rank
            score = 0.5 + 0.03 * staff_first + 0.05 * sure
            yield _link(table, column, person, "role", score, role, "its name says what somebody did or is here")


def _is_self(parts: tuple[str, ...], table: Table) -> bool:
    rest, _ = stem(parts)
    return bool(_SELF.intersection(rest)) or (len(rest) > 1 and any(p in _SELF for p in _without(rest, table.words)))


def _without(parts: tuple[str, ...], own: tuple[str, ...]) -> tuple[str, ...]:
    """A column's words without its table's own name before them (``comment_post_id`` in ``comments``)."""
    for size in range(min(len(own), len(parts) - 1), 0, -1):
        if all(alike(a, b) for a, b in zip(parts[:size], own[-size:], strict=True)):
            return parts[size:]
    return parts


def _means(parts: tuple[str, ...], table: Table) -> bool:
    rest, _ = stem(parts)
    return not forms(joined(rest)).isdisjoint(forms(joined(table.words)))


def _type_fits(column: Column, target: Table) -> bool:
    if len(target.key) != 1:
        return False
    mine, theirs = kind_of(column), kind_of(target.columns[target.key[0]])
    return mine == theirs or "any" in (mine, theirs) or "text" in (mine, theirs)


def _link(table: Table, column: Column, target: Table, why: Why, score: float, role: Role | None, evidence: str) -> Link:
    return Link(table.name, (column.name,), target.name, target.key, why, score, role, evidence)

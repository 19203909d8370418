"""References to one of several collections: ``commentable_type`` says which, ``commentable_id`` the row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from dsr_desk.catalog.discovery.links import Link, role_of
from dsr_desk.catalog.discovery.naming import forms, joined, words
from dsr_desk.catalog.discovery.tables import Index, Table, kind_of
from dsr_desk.model.values import Value, as_text

_KINDS = frozenset({"type", "typ", "tipo", "kind", "class", "model", "entity", "table", "soort", "rodzaj", "art", "klasse"})
_LAST_PART = re.compile(r"[\\./:]+")
#: A column that says which collection is meant has few different values.
_MOST_KINDS = 30


def pairs(table: Table) -> list[tuple[str, str]]:
    """The pairs of columns (which, row) of a collection, by their names."""
    by_words = {words(name): name for name in table.columns}
    found = []
    for said, name in by_words.items():
        if len(said) < 2 or said[-1] not in ("id", "uuid", "key", "nr"):
            continue
        base = said[:-1]
        for kind in (*((*base, word) for word in sorted(_KINDS)), base):
            which = by_words.get(kind)
            if which and table.columns[which].type in ("text", "any", "other") and (kind != base or base[-1] in _KINDS):
                found.append((which, name))
                break
    return found


def links(table: Table, index: Index, named: Sequence[Link], rows: Sequence[Mapping[str, Value]]) -> Iterator[Link]:
    """The links of such pairs, from the sample: only what is the name of a collection is kept of its values."""
    for which, column in pairs(table):
        if any(link.columns == (column,) and (link.why == "declared" or link.score >= 0.9) for link in named):
            continue
        kinds = sorted({text for row in rows if (text := as_text(row.get(which))) and len(text) <= 100})
        if len(kinds) > _MOST_KINDS:
            continue
        targets = {kind: target for kind in kinds if (target := _target(kind, index)) is not None}
        rest = len(kinds) - len(targets)
        more = f"; {rest} more kinds are no collections here" if rest else ""
        for kind, target in targets.items():
            mine, theirs = kind_of(table.columns[column]), kind_of(index.tables[target].columns[index.tables[target].key[0]])
            if mine == theirs or "any" in (mine, theirs) or "text" in (mine, theirs):
                evidence = f"{which} names this collection{more}"
                role = role_of(column, table.words)
                yield Link(table.name, (column,), target, index.tables[target].key, "name", 0.8, role, evidence, (which, kind))


def _target(kind: str, index: Index) -> str | None:
    """The collection that a kind names: ``App\\Models\\Post`` → ``posts``, ``res.partner`` → ``res_partner``."""
    whole = joined(words(kind))
    for name, table in index.tables.items():
        if len(table.key) == 1 and whole and not forms(whole).isdisjoint(forms(joined(words(name)))):
            return name
    last = words(_LAST_PART.split(kind)[-1])
    return next(iter(index.named(last)), None) if last else None

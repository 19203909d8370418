"""Which collections are the persons: by name, by what their columns say, and by how much points at them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dsr_desk.catalog.discovery.links import Link
from dsr_desk.catalog.discovery.tables import Table, person_columns
from dsr_desk.catalog.discovery.values import Looks

#: From here on a collection is proposed as the person.
SURE = 0.55
#: From here on a reference by a role's name (``created_by``) may lead to it.
MAYBE = 0.35
_WEIGHTS = {
    "user.contact.email": 0.15,
    "user.name.first": 0.12,
    "user.name.last": 0.15,
    "user.name": 0.12,
    "user.demographic.date_of_birth": 0.2,
    "user.contact.phone_number": 0.08,
    "user.authorization.password": 0.15,
    "user.account.username": 0.12,
    "user.demographic.gender": 0.1,
    "user.contact.address.street": 0.03,
}
_SEEN = {"e-mail": 0.12, "name": 0.12, "first name": 0.1, "phone": 0.05, "iban": 0.03}


@dataclass(frozen=True, slots=True)
class Person:
    """How sure it is that a collection's rows are persons, from 0 to 1, and why."""

    sure: float
    evidence: tuple[str, ...]
    #: How many of its columns are named like a person's data.
    told: int = 0


def persons(
    tables: Mapping[str, Table], links: Mapping[str, Sequence[Link]], seen: Mapping[str, Mapping[str, Looks]]
) -> dict[str, Person]:
    """Each collection that may be a person, the surest first. ``seen`` may be empty: then names alone speak."""
    pointed = Counter(target for found in links.values() for target in {one.target for one in found if one.score >= 0.6})
    judged = {name: _judge(table, pointed[name], seen.get(name, {})) for name, table in tables.items()}
    found = {name: p for name, p in judged.items() if p.sure >= MAYBE}
    for name in list(found):
        if _child(tables[name], links.get(name, ()), found, tables):
            del found[name]
    return dict(sorted(found.items(), key=lambda item: (-item[1].sure, -tables[item[0]].rank, item[0])))


def _judge(table: Table, pointed: int, seen: Mapping[str, Looks]) -> Person:
    sure, why = 0.0, []
    if table.live.is_view or len(table.key) != 1:
        return Person(0.0, ())
    rank = table.rank
    if rank:
        sure += 0.45
        why.append("its name means a person")
    elif table.concept is not None:
        sure -= 0.35
    elif len(table.words) > 2:
        sure -= 0.1
    named = person_columns(table.columns, table.words)
    weight = sum(_WEIGHTS.get(category, 0.0) for category in named)
    if "name" in {c.lower() for c in table.columns} and rank:
        weight += 0.1
    told = sum(1 for category in named if category in _WEIGHTS)
    if told:
        why.append(f"{told} of its columns are named like a person's data")
    for kind, adds in _SEEN.items():
        columns = [c for c, look in seen.items() if look.filled >= 3 and look.share(kind) >= 0.5]
        if columns:
            weight += adds
            why.append(f"its samples hold {_WORDS[kind]}")
    sure += min(weight, 0.55) if weight else -0.1
    if pointed >= 2 and (rank or weight >= 0.25):
        sure += 0.1 if pointed < 5 else 0.15
        why.append(f"{pointed} collections seem to point at it")
    return Person(round(min(sure, 0.99), 2), tuple(why), told)


_WORDS = {
    "e-mail": "e-mail addresses",
    "name": "names of people",
    "first name": "first names",
    "phone": "phone numbers",
    "iban": "IBANs",
}


def _child(table: Table, links: Sequence[Link], found: Mapping[str, Person], tables: Mapping[str, Table]) -> bool:
    """Whether its rows are somebody's rather than somebody: one row for each (``user_profiles``), or nothing said of a person."""
    for link in links:
        other = tables.get(link.target)
        if other is None or link.target == table.name or link.target not in found or link.score < 0.7 or link.role is not None:
            continue
        if table.rank == 0 or not found[table.name].told:
            return True
        if found[link.target].sure >= SURE and table.unique(link.columns) and other.rank >= table.rank:
            return True
        if table.rank < 3 and other.rank == 3 and found[link.target].sure >= SURE:
            return True
    return False

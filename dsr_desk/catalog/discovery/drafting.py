"""All that was seen of a system, as guesses in the order of the file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from dsr_desk.catalog.discovery.erasing import erasure, fates
from dsr_desk.catalog.discovery.meaning import Guessed, guessed, telling
from dsr_desk.catalog.discovery.owners import Edge, Owners, Standing
from dsr_desk.catalog.discovery.persons import SURE, Person
from dsr_desk.catalog.discovery.tables import Table
from dsr_desk.catalog.discovery.values import Looks
from dsr_desk.catalog.discovery.writing import listed, scalar
from dsr_desk.model.guess import Guess, Topic

_NAMES = ("user.name.first", "user.name.last")


@dataclass(frozen=True)
class Seen:
    """What was seen: the collections, who may be a person, the links that stand, and the looks of every column."""

    system: str
    tables: Mapping[str, Table]
    persons: Mapping[str, Person]
    stand: Mapping[str, Sequence[Standing]]
    looks: Mapping[str, Mapping[str, Looks]]


def guesses(seen: Seen) -> Iterator[Guess]:
    """Every guess, collection by collection."""
    held = {name: _held(seen, name) for name in seen.tables}
    owners = Owners(seen.tables, seen.persons, seen.stand, seen.looks, lambda name: telling(held[name]))
    owned = {e.link.target for found in owners.edges.values() for e in found if e.kind == "owns"}
    concerned = [n for n in seen.tables if n in owners.reached or n in owned or telling(held[n])]
    alone = not concerned  # then only what texts say can lead to anybody
    naming = [n for n in seen.tables if n not in concerned and any(_named(seen, n, c, g, alone) for c, g in held[n].items())]
    pointed = {s.link.target for found in seen.stand.values() for s in found}
    strangers = {n for n in concerned if n not in owners.reached and n not in owned and n in pointed}
    concerned += naming
    fate = fates(seen.tables, concerned, owners.edges, strangers if alone else strangers.union(naming))
    for name, table in seen.tables.items():
        edges = owners.edges[name]
        related = name in owners.reached or name in owned
        here = _personal(seen, name, held[name], edges, name in concerned, related, alone)
        yield from _about_rows(seen, table)
        whole = _whole_name(here)
        if name in fate:
            ends = fate[name]
            yield Guess(name, "", "erasure", f"on_erase: {ends.on_erase}", ends.confidence, (ends.evidence,))
            if ends.keep:
                yield Guess(name, "", "erasure", ends.keep, 0.4, ("proposed with on_erase: keep",))
        if whole:
            evidence = "first and last name stand side by side"
            yield Guess(name, "", "identity", f"identities: {{name: {listed(whole)}}}", 0.9, (evidence,))
        yield from _composite(name, edges)
        redacted = name in fate and fate[name].on_erase == "redact"
        for column in table.columns.values():
            yield from _key_identity(seen, table, column.name)
            yield from _about_edges(name, column.name, [e for e in edges if e.link.columns == (column.name,)])
            if (found := here.get(column.name)) is not None:
                yield from _about_field(name, column.name, found, whole)
                if redacted:
                    says, why = erasure(column, found.meaning.category)
                    yield Guess(name, column.name, "erasure", says, 0.6, (f"the rows stay, so it is emptied; {why}",))


def _held(seen: Seen, name: str) -> dict[str, Guessed]:
    table, linked = seen.tables[name], {c for s in seen.stand.get(name, ()) for c in s.link.columns}
    found = {}
    for column in table.columns.values():
        if column.name in linked or column.name in table.key:
            continue
        look = seen.looks.get(name, {}).get(column.name, Looks())
        guess = guessed(column, table.words, look, name in seen.persons)
        if guess is not None:
            found[column.name] = guess
    return found


def _named(seen: Seen, name: str, column: str, guess: Guessed, alone: bool) -> bool:
    """Whether a column is free text that names people, or the only thing in the whole system that could."""
    look = seen.looks.get(name, {}).get(column, Looks())
    return guess.meaning.text and (alone or look.share("e-mail inside") > 0)


def _personal(
    seen: Seen, name: str, held: Mapping[str, Guessed], edges: Iterable[Edge], concerned: bool, related: bool, alone: bool
) -> dict[str, Guessed]:
    """What of it stands: everything where the rows are somebody's, else what is telling by itself."""
    pointing = {c for e in edges for c in e.link.columns}
    return {
        column: guess
        for column, guess in held.items()
        if column not in pointing
        and (related or guess.meaning.special or (concerned and not guess.meaning.text) or _named(seen, name, column, guess, alone))
    }


def _about_rows(seen: Seen, table: Table) -> Iterator[Guess]:
    person = seen.persons.get(table.name)
    if person is not None:
        alone = () if person.sure >= SURE else ("nothing else here is more of a person",)
        yield Guess(table.name, "", "person", "subject: true", person.sure, (*person.evidence, *alone))
    if table.key:
        sure = 1.0 if table.key_declared else 0.6
        evidence = (table.key_evidence,)
        yield Guess(table.name, "", "key", f"key: {listed(table.key)}", sure, evidence, declared=table.key_declared)


def _key_identity(seen: Seen, table: Table, column: str) -> Iterator[Guess]:
    """The number of a person is theirs; its kind is named after the system, since numbers mean something in one system only."""
    if table.name in seen.persons and table.key == (column,):
        kind = "_".join((seen.system.replace("-", "_"), *table.words, "id"))
        evidence = ("it names one person",)
        yield Guess(table.name, column, "category", "category: user.unique_id", 0.9, evidence)
        yield Guess(table.name, column, "identity", f"identity: {scalar(kind)}", 0.9, evidence)


def _about_field(name: str, column: str, found: Guessed, whole: Sequence[str]) -> Iterator[Guess]:
    meaning = found.meaning
    yield Guess(
        name, column, "category", f"category: {meaning.category}", found.confidence, found.evidence, special=meaning.special
    )
    if meaning.identity and column not in whole:
        yield Guess(name, column, "identity", f"identity: {meaning.identity}", found.confidence, ())
    if meaning.text:
        evidence = ("free text can name people; it is searched for mentions",)
        yield Guess(name, column, "free text", "mentions: true", min(found.confidence, 0.7), evidence)


def _whole_name(here: Mapping[str, Guessed]) -> tuple[str, ...]:
    """The first and the last name of a collection, where there is just one of each."""
    found = [[c for c, g in here.items() if g.meaning.category == category and g.meaning.identity] for category in _NAMES]
    firsts = [c for c in found[0] if "mid" not in c.lower()]
    return (firsts[0], found[1][0]) if len(firsts) == 1 and len(found[1]) == 1 else ()


def _about_edges(name: str, column: str, edges: Sequence[Edge]) -> Iterator[Guess]:
    by_kind: dict[str, list[Edge]] = defaultdict(list)
    for edge in edges:
        by_kind[edge.kind].append(edge)
    for kind, those in by_kind.items():
        targets = [_target(e) for e in those]
        value = targets[0] if len(targets) == 1 and those[0].link.when is None else f"[{', '.join(targets)}]"
        evidence = tuple(dict.fromkeys(text for e in those for text in e.evidence))
        otherwise = tuple(f"{other}: {value}" for other in those[0].otherwise)
        topic: Topic = "owner" if kind in ("owned_by", "owns") else "reference"
        # The link may be declared; whose the row is never is.
        yield Guess(name, column, topic, f"{kind}: {value}", min(e.confidence for e in those), evidence, otherwise=otherwise)


def _target(edge: Edge) -> str:
    target = scalar(f"{edge.link.target}.{edge.link.to[0]}")
    if edge.link.when is None:
        return target
    which, kind = edge.link.when
    return f"{{to: {target}, when: {{{scalar(which)}: {scalar(kind)}}}}}"


def _composite(name: str, edges: Iterable[Edge]) -> Iterator[Guess]:
    for edge in edges:
        link = edge.link
        if len(link.columns) > 1:
            body = f"[{{fields: {listed(link.columns)}, {edge.kind}: {scalar(link.target)}, to: {listed(link.to)}}}]"
            yield Guess(name, "", "owner", f"references: {body}", edge.confidence, edge.evidence)

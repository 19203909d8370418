"""Search against an oracle that was written from the text of the rules, over small random worlds.

The oracle works on rows in memory and knows nothing of waves, batches or files:
a row's owners are the subjects reached by ``owned_by`` upwards and ``owns`` backwards; a row is the person's where all its owners
are, shared where some are; shared is everything below a shared row; nothing else is found.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from dsr_desk.flow.search import run
from dsr_desk.flow.searching.reach import Ask
from dsr_desk.flow.systems import Systems
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Catalog
from dsr_desk.model.event import silent
from dsr_desk.model.finding import RowRef, SearchResult
from tests.flow.world import World, ident, mark, marks, owned_by, owns, seen_by, table

IDS = st.one_of(st.none(), st.integers(1, 4))
MAILS = st.sampled_from(["a@x.org", "b@x.org", "c@x.org", "d@x.org", "e@x.org"])

Node = tuple[str, int]


@dataclass(frozen=True)
class Rows:
    """People own addresses and have orders; orders have lines, lines have parents; payments have two owners; letters a reader.

    ``news`` are lines that belong to nobody; ``accounts`` are people of another system, known by a customer number.
    """

    people: dict[int, tuple[str, int | None]] = field(default_factory=dict)
    orders: dict[int, int | None] = field(default_factory=dict)
    lines: dict[int, tuple[int | None, int | None]] = field(default_factory=dict)
    payments: dict[int, tuple[int | None, int | None]] = field(default_factory=dict)
    letters: dict[int, tuple[int | None, int | None]] = field(default_factory=dict)
    addresses: tuple[int, ...] = ()
    news: dict[int, str] = field(default_factory=dict)
    accounts: dict[int, tuple[str, int | None]] = field(default_factory=dict)


@st.composite
def worlds(draw: st.DrawFn) -> Rows:
    n = st.integers(1, 4)
    return Rows(
        draw(st.dictionaries(n, st.tuples(MAILS, IDS), min_size=1)),
        draw(st.dictionaries(n, IDS)),
        draw(st.dictionaries(n, st.tuples(IDS, IDS))),
        draw(st.dictionaries(n, st.tuples(IDS, IDS))),
        draw(st.dictionaries(n, st.tuples(IDS, IDS))),
        tuple(sorted(draw(st.sets(n)))),
        draw(st.dictionaries(n, MAILS)),
        draw(st.dictionaries(n, st.tuples(MAILS, IDS), max_size=3)),
    )


def write(rows: Rows, folder: Path) -> World:
    world = World(folder)
    world.sql(
        "shop",
        people=table(
            "id mail home",
            *((i, m, h) for i, (m, h) in rows.people.items()),
            subject=True,
            id=ident("customer_id"),
            mail=ident("email"),
            home=owns("addresses.id"),
        ),
        orders=table("id person", *rows.orders.items(), person=owned_by("people.id")),
        lines=table(
            "id order_id parent",
            *((i, o, p) for i, (o, p) in rows.lines.items()),
            order_id=owned_by("orders.id"),
            parent=owned_by("lines.id"),
        ),
        payments=table(
            "id order_id person",
            *((i, o, p) for i, (o, p) in rows.payments.items()),
            order_id=owned_by("orders.id"),
            person=owned_by("people.id"),
        ),
        letters=table(
            "id sender reader",
            *((i, s, r) for i, (s, r) in rows.letters.items()),
            sender=owned_by("people.id"),
            reader=seen_by("people.id"),
        ),
        addresses=table("id", *((i,) for i in rows.addresses)),
    )
    world.csv("news", table("id mail", *rows.news.items(), mail=ident("email")))
    world.sql(
        "crm",
        accounts=table(
            "id mail customer",
            *((i, m, c) for i, (m, c) in rows.accounts.items()),
            subject=True,
            mail=ident("email"),
            customer=ident("customer_id"),
        ),
    )
    return world


class Oracle:
    """What the rules say, read from the rows."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.subjects = {("people", i) for i in rows.people} | {("accounts", i) for i in rows.accounts}
        self.parents: dict[Node, set[Node]] = {}
        exists = {
            "people": rows.people,
            "orders": rows.orders,
            "lines": rows.lines,
            "addresses": dict.fromkeys(rows.addresses),
        }

        def up(child: Node, kind: str, number: int | None) -> None:
            self.parents.setdefault(child, set())
            if number is not None and number in exists[kind]:
                self.parents[child].add((kind, number))

        for i, person in rows.orders.items():
            up(("orders", i), "people", person)
        for i, (order, parent) in rows.lines.items():
            up(("lines", i), "orders", order)
            up(("lines", i), "lines", parent)
        for i, (order, person) in rows.payments.items():
            up(("payments", i), "orders", order)
            up(("payments", i), "people", person)
        for i, (sender, _) in rows.letters.items():
            up(("letters", i), "people", sender)
        for i in rows.addresses:
            self.parents[("addresses", i)] = {("people", p) for p, (_, home) in rows.people.items() if home == i}

    def owners(self, row: Node) -> set[Node]:
        seen, todo, found = {row}, [row], set()
        while todo:
            here = todo.pop()
            if here in self.subjects:
                found.add(here)
            else:
                todo += self.parents.get(here, set()) - seen
                seen |= self.parents.get(here, set())
        return found

    def known(self, row: Node) -> set[tuple[str, str]]:
        kind, i = row
        if kind == "people":
            return {("email", self.rows.people[i][0]), ("customer_id", str(i))}
        if kind == "accounts":
            mail, customer = self.rows.accounts[i]
            return {("email", mail)} | ({("customer_id", str(customer))} if customer is not None else set())
        return {("email", self.rows.news[i])}

    def leads(self, identifier: tuple[str, str]) -> set[Node]:
        everybody = [*self.subjects, *(("news", i) for i in self.rows.news)]
        return {row for row in everybody if identifier in self.known(row)}

    def person(self, given: tuple[str, str]) -> set[Node] | None:
        """Her subject rows and her lines; ``None`` where the search has to ask, or where an answer depends on who comes first."""
        mine = self.leads(given)
        done = {given}
        while True:
            if any(sum(kind == k for kind, _ in mine) > 1 for k in ("people", "accounts")):
                return None
            fresh = {i for row in mine for i in self.known(row)} - done
            if not fresh:
                return mine
            done |= fresh
            mine = mine.union(*(self.leads(i) for i in fresh))

    def marks(self, mine: set[Node]) -> dict[str, str]:
        found = dict.fromkeys(mine, "")
        for row in self.parents:
            owners = self.owners(row)
            if owners & mine:
                found[row] = "shared" if owners - mine else ""
        for i, (_, reader) in self.rows.letters.items():
            if ("people", reader) in mine and ("letters", i) not in found:
                found["letters", i] = "access_only"
        systems = {"news": "news", "accounts": "crm"}
        return {f"{systems.get(kind, 'shop')}/{kind}/{i}": said for (kind, i), said in found.items()}


def search(world: World, given: tuple[str, str], catalog: Catalog) -> SearchResult:
    return world.search("=".join(given), catalog=catalog)


@settings(max_examples=60, deadline=None)
@given(worlds(), MAILS, st.integers(1, 4))
def test_search_finds_what_the_rules_say(rows: Rows, mail: str, number: int) -> None:
    oracle = Oracle(rows)
    with tempfile.TemporaryDirectory() as folder:
        world = write(rows, Path(folder))
        catalog = world.catalog()
        turned = Catalog(
            {n: replace(s, collections=dict(reversed(s.collections.items()))) for n, s in reversed(catalog.systems.items())}, ""
        )
        for given_one in (("email", mail), ("customer_id", str(number))):
            mine = oracle.person(given_one)
            found = search(world, given_one, catalog)
            if mine is None:
                never_merged(found)
                continue
            assert found.ambiguous == ()
            assert marks(found) == oracle.marks(mine)
            assert marks(search(world, given_one, turned)) == marks(found)
            for identifier in {i for row in mine for i in oracle.known(row)}:
                assert marks(search(world, identifier, catalog)) == marks(found), "one person, one result"


GIVEN = st.one_of(st.tuples(st.just("email"), MAILS), st.tuples(st.just("customer_id"), st.sampled_from("1234")))


@settings(max_examples=40, deadline=None)
@given(worlds(), st.lists(GIVEN, min_size=1, max_size=5, unique=True))
def test_a_list_finds_what_a_search_for_each_alone_finds(rows: Rows, listed: list[tuple[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world = write(rows, Path(folder))
        catalog = world.catalog()
        alone = {line: search(world, given_one, catalog) for line, given_one in enumerate(listed, 1)}
        asks = [Ask((given_one,), line=line) for line, given_one in enumerate(listed, 1)]
        with Systems(catalog, world.folder, lambda _: lambda: None) as systems:
            together = run(systems, asks, silent, Cancel()).result
    assert {p.line: len(p.ambiguous) for p in together.people} == {line: len(r.ambiguous) for line, r in alone.items()}
    for line, result in alone.items():
        mine = {f.ref.path for f in together.findings if line in f.people}
        assert mine == {f.ref.path for f in result.findings}
        said = next(p for p in together.people if p.line == line)
        assert set(said.identity) == set(result.identity) and set(said.subjects) == set(result.subjects)
    listed_people = {f.ref for r in alone.values() for f in r.findings if f.clear}
    assert marks(together) == {path: for_all(alone.values(), path, listed_people) for path in marks(together)}


def for_all(alone: Iterable[SearchResult], path: str, listed: set[RowRef]) -> str:
    """What the whole list makes of a row: one's own beats all; what is shared among the listed alone is theirs."""
    found = [f for r in alone for f in r.findings if f.ref.path == path]
    for finding in found:
        if finding.clear or (finding.shared and not finding.review and set(finding.other_owners) <= listed):
            return ""
    return mark(min(found, key=lambda f: (not f.shared, not f.review, not f.mention)))


def never_merged(found: SearchResult) -> None:
    """Where rows of two people are in reach, the search asks, or takes at most one of each kind as hers."""
    mine = [f.ref for f in found.findings if f.subject and not f.review]
    assert len({(r.system, r.collection) for r in mine}) == len(mine)
    assert found.ambiguous or found.not_followed or any(f.review for f in found.findings)

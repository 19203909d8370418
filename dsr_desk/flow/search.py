"""Search: every connected system at once, in waves, until nothing new appears."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from dsr_desk.drivers.base import Driver
from dsr_desk.errors import CancelledError, DeskError, UsageError
from dsr_desk.flow.searching.ahead import Ahead
from dsr_desk.flow.searching.answers import Answers, Asked, Group
from dsr_desk.flow.searching.merge import together
from dsr_desk.flow.searching.owners import Graph
from dsr_desk.flow.searching.reach import Ask, Reach, Reached
from dsr_desk.flow.systems import Systems
from dsr_desk.flow.workers import making_many, result
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Catalog
from dsr_desk.model.event import Found, IdentifierFound, Searching, SystemSearched, Tell
from dsr_desk.model.finding import Finding, Hit, RowRef, SearchResult, SystemSearch
from dsr_desk.model.identity import LONGEST_IDENTIFIER, SHORTEST_MENTION, normals

#: One person, or a list of them.
Asks = Ask | Sequence[Ask]


def each(asks: Asks) -> Sequence[Ask]:
    """The people that a search is about."""
    return (asks,) if isinstance(asks, Ask) else asks


@dataclass
class _Progress:
    """How the search of one system goes."""

    wave: int = 0
    seconds: float = 0.0
    queries: int = 0
    error: DeskError | None = None


@dataclass
class Searched:
    """A finished search, with everything that was asked: the plan watches the same questions, verify asks them again."""

    result: SearchResult
    answers: Answers


def checked_identity(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Given identifiers, fit to search with; ``UsageError`` where one is empty, absurd or can't be of its kind."""
    identity = tuple(dict.fromkeys((kind.strip(), value.strip()) for kind, value in pairs))
    if not identity:
        raise UsageError("There is nothing to search for.", "Give at least one identifier, like email=ANN@EXAMPLE.ORG.")
    for kind, value in identity:
        if not kind:
            raise UsageError("An identifier has no kind.", "Write it as KIND=VALUE, like email=ANN@EXAMPLE.ORG.")
        if not value:
            raise UsageError(f"The {kind} to search for is empty.", f"Give a value: {kind}=VALUE.")
        if len(value) > LONGEST_IDENTIFIER or any(ord(c) < 32 for c in value):
            raise UsageError(
                f"The {kind} to search for is not an identifier.",
                f"Give at most {LONGEST_IDENTIFIER} characters on one line, without control characters.",
            )
        if not normals(kind, value) or not _plausible(kind, value):
            raise UsageError(f"The {kind} to search for can't be one.", f"Check how the {kind} is written.")
    return identity


def _plausible(kind: str, value: str) -> bool:
    """Whether a value can be of its kind at all: a day is a day, and a phone number has four digits or more."""
    if kind == "date_of_birth":
        try:
            return bool(date.fromisoformat(min(normals(kind, value))))
        except ValueError:
            return False
    return kind != "phone" or sum(c.isdigit() for c in value) >= SHORTEST_MENTION


def known_kinds(catalog: Catalog) -> set[str]:
    """The identity names that the catalog uses."""
    return {kind for c in catalog.collections() for kind, *_ in c.identity_fields()}


@making_many()
def run(systems: Systems, ask: Asks, tell: Tell, cancel: Cancel, waived: Iterable[str] = ()) -> Searched:
    """Search all systems for a person, or for a list of people at once: each system is asked once a wave, for everybody.

    A system that fails is reported and the others go on; ``result.complete`` says whether all could be asked. Raises
    ``UsageError`` where a given kind of identifier stands nowhere in the catalog, ``CancelledError`` when it was stopped.
    """
    kinds = known_kinds(systems.catalog)
    for kind in {kind: None for one in each(ask) for kind, _ in one.given}:
        if kind not in kinds:
            raise UsageError(
                f"No system of the catalog knows the identifier {kind!r}.",
                f"Use one of: {', '.join(sorted(kinds)) or 'none is declared yet'}.",
            )
    return _Search(systems, ask, tell, cancel, set(waived)).run()


def whole(
    systems: Systems,
    broken: Iterable[str],
    ask: Asks,
    tell: Tell,
    cancel: Cancel,
    waived: Iterable[str],
    strict: bool,
) -> Searched:
    """A search that also names the systems whose catalog file is ``broken``: they were not searched.

    ``strict``: ``UsageError`` where a row that a person named as the subject isn't there.
    """
    searched = run(systems, ask, tell, cancel, waived)
    silent_ones = {s.system for s in searched.result.systems if s.status in ("failed", "waived")}
    for ref in sorted({ref for one in each(ask) for ref in one.subjects}, key=str):
        if strict and ref not in searched.answers.rows and ref.system not in silent_ones:
            raise UsageError(
                f"{ref.system}/{ref.collection} has no row with the key that was named as the person.",
                "Copy the row from the search: SYSTEM/COLLECTION/KEY.",
            )
    states = tuple(
        SystemSearch(
            name,
            "waived" if name in waived else "failed",
            error=f"The catalog file of {name} has errors.",
            hint="Mend it: the check of the catalog names each.",
        )
        for name in broken
    )
    if not states:
        return searched
    code = max(searched.result.exit_code, 1 if any(s.status == "failed" for s in states) else 0)
    found = replace(searched.result, systems=(*searched.result.systems, *states), exit_code=code)
    return replace(searched, result=found)


def counts(found: SearchResult) -> dict[str, int | bool]:
    """What the trail says of a search: numbers only."""
    return {
        "systems": sum(1 for s in found.systems if s.status == "searched"),
        "failed": sum(1 for s in found.systems if s.status == "failed"),
        "rows": len(found.findings),
        "complete": found.complete,
        "ambiguous": len(found.ambiguous),
    }


class _Search:
    def __init__(self, systems: Systems, asks: Asks, tell: Tell, cancel: Cancel, waived: set[str]) -> None:
        catalog = systems.catalog
        self.systems, self.tell, self.cancel, self.waived = systems, tell, cancel, waived
        self.asks, self.listed = each(asks), not isinstance(asks, Ask)
        self.graph = Graph(catalog)
        keys = {(c.system, c.name): c.key for c in catalog.collections()}
        regions = {s.name: s.region for s in catalog.systems.values()}
        self.answers = Answers(keys, regions, systems.heavy())
        self.progress = {name: _Progress() for name in catalog.systems if name not in systems.by_hand()}
        #: How far each person's search came, and what it waits for.
        self.reached = [Reached() for _ in self.asks]
        self.needs: dict[int, Mapping[Group, set[Asked]]] = {}
        #: Who of a list needs no evaluation yet; one person is told what is found after every wave.
        self.ahead = {n: Ahead(self.graph, self.answers, ask) for n, ask in enumerate(self.asks)} if self.listed else {}
        self.told: dict[RowRef, Finding] = {}
        self.identifiers_told = [0] * len(self.asks)
        self.started = datetime.now(UTC).isoformat(timespec="seconds")

    def run(self) -> Searched:
        self._check_subjects()
        self._reach(range(len(self.asks)))
        while wave := self._wave():
            asked = self._ask_all(wave)
            self._reach([n for n, needed in self.needs.items() if not asked.isdisjoint(needed)])
        return self._finish()

    def _reach(self, people: Iterable[int]) -> None:
        """How far these people's searches come with the answers there are now."""
        for n in people:
            self.cancel.check()
            ahead = self.ahead.get(n)
            if ahead is not None:
                needs = ahead.needs()
                if needs is not None:
                    self.needs[n] = needs
                    continue
                del self.ahead[n]
            self.answers.needed = defaultdict(set)
            self.reached[n] = Reach(self.graph, self.answers, self.asks[n]).run()
            self._tell_new(n)
            if self.answers.needed:
                self.needs[n] = self.answers.needed
            else:
                self.needs.pop(n, None)

    def _check_subjects(self) -> None:
        for ref in {ref for ask in self.asks for ref in ask.subjects | ask.confirmed}:
            system = self.graph.catalog.systems.get(ref.system)
            collection = system.collections.get(ref.collection) if system else None
            if collection is None or len(collection.key) != len(ref.key):
                raise UsageError(
                    f"The catalog has no row {ref.system}/{ref.collection} with a key of {len(ref.key)} parts.",
                    "Name it as SYSTEM/COLLECTION/KEY, the way the search lists it.",
                )

    def _wave(self) -> dict[str, list[tuple[Group, set[Asked]]]]:
        """What to ask now, by system: databases as long as they lead anywhere, then mentions and files, once, with everything."""
        needed: dict[Group, set[Asked]] = {}
        for wanted in self.needs.values():
            for group, values in wanted.items():
                needed.setdefault(group, set()).update(values)
        quick = {g: v for g, v in needed.items() if not g.mention and g.system not in self.answers.slow}
        wave: dict[str, list[tuple[Group, set[Asked]]]] = {}
        for group, values in (quick or needed).items():
            wave.setdefault(group.system, []).append((group, values))
        return wave

    def _ask_all(self, wave: Mapping[str, list[tuple[Group, set[Asked]]]]) -> set[Group]:
        """Ask it, and file the answers; gives what was asked."""
        for name in wave:
            self.progress[name].wave += 1
            self.tell(Searching(name, self.progress[name].wave))

        def job(driver: Driver) -> tuple[list[Hit], float]:
            lookups = [group.lookup(values) for group, values in wave[driver.system.name]]
            begun = time.perf_counter()
            hits = self.systems.find(driver, lookups, self.cancel)
            return hits, time.perf_counter() - begun

        for name, future in self.systems.each(wave, job):
            progress = self.progress[name]
            progress.queries += len(wave[name])
            try:
                hits, seconds = result(future)
            except CancelledError:
                raise
            except DeskError as error:
                self.cancel.check()
                progress.error = error
                self.answers.silent.add(name)
                self.tell(SystemSearched(self._status(name, 0)))
                continue
            progress.seconds += seconds
            self.answers.take(wave[name], hits)
        return {group for asked in wave.values() for group, _ in asked}

    def _tell_new(self, person: int) -> None:
        reached = self.reached[person]
        for identifier in reached.identity[self.identifiers_told[person] :]:
            self.tell(IdentifierFound(identifier))
        self.identifiers_told[person] = max(self.identifiers_told[person], len(reached.identity))
        fresh: dict[str, list[Finding]] = {}
        for ref, finding in reached.findings.items():
            if self.told.get(ref) is not finding and self.told.get(ref) != finding:
                fresh.setdefault(ref.system, []).append(finding)
        if not self.listed:
            self.told.clear()
        self.told.update(reached.findings)
        for system, findings in fresh.items():
            self.tell(Found(system, tuple(findings)))

    def _status(self, name: str, rows: int) -> SystemSearch:
        progress = self.progress[name]
        columns = sorted({f"{f.ref.collection}.{c}" for f in self.told.values() if f.ref.system == name for c in f.uncovered})
        error = progress.error
        status = "searched" if error is None else "waived" if name in self.waived else "failed"
        return SystemSearch(
            name,
            status,  # type: ignore[arg-type]  # one of SystemState by construction
            rows,
            round(progress.seconds, 4),
            progress.queries,
            error.message if error else "",
            error.hint if error else "",
            tuple(columns),
        )

    def _finish(self) -> Searched:
        found = together(self.asks, self.reached) if self.listed else None
        rows = found.findings if found else self.reached[0].findings
        ambiguous = found.ambiguous if found else tuple(self.reached[0].ambiguous)
        counts: dict[str, int] = {}
        for ref in rows:
            counts[ref.system] = counts.get(ref.system, 0) + 1
        states = []
        for name in self.graph.catalog.systems:
            if name in self.progress:
                states.append(self._status(name, counts.get(name, 0)))
                self.tell(SystemSearched(states[-1]))
            else:
                states.append(SystemSearch(name, "manual"))
        findings = sorted(rows.values(), key=lambda f: self.graph.order[f.ref.system, f.ref.collection])
        errors = {name: p.error for name, p in self.progress.items() if p.error is not None}
        codes = [e.exit_code for name, e in errors.items() if name not in self.waived]
        outcome = SearchResult(
            tuple(i for r in self.reached for i in r.identity),
            tuple(states),
            tuple(findings) if found or not ambiguous else (),
            ambiguous,
            found.not_followed if found else tuple(self.reached[0].not_followed),
            tuple(dict.fromkeys(ref for r in self.reached for ref in r.subjects)),
            self.started,
            max([*codes, 3 if ambiguous else 0]),
            found.people if found else (),
        )
        return Searched(outcome, self.answers)

"""Search: every connected system at once, in waves, until nothing new appears.

A wave that is quick is waited for, so that what is asked next does not depend on who was first. A slow system holds up nobody: what
the others answered is shown meanwhile, and they are asked on; one that does not answer at all is given up, alone, and said so.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import partial

from dsr_desk.drivers.base import Driver
from dsr_desk.errors import DeskError, UnreachableError, UsageError
from dsr_desk.flow.searching.ahead import Ahead
from dsr_desk.flow.searching.answers import Answers, Asked, Group
from dsr_desk.flow.searching.merge import together
from dsr_desk.flow.searching.owners import Graph
from dsr_desk.flow.searching.reach import Ask, Reach, Reached
from dsr_desk.flow.systems import Systems
from dsr_desk.flow.workers import making_many, result
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Catalog
from dsr_desk.model.event import Answered, Found, IdentifierFound, Searching, SystemSearched, Tell
from dsr_desk.model.finding import Finding, Hit, RowRef, SearchResult, SystemSearch
from dsr_desk.model.identity import LONGEST_IDENTIFIER, SHORTEST_MENTION, normals

#: Seconds after which what the quicker systems answered is shown, and after which they are asked on without the slower ones.
SHOW_AFTER = 0.4
GO_ON_AFTER = 1.5
#: Seconds that a system has for an answer, unless the catalog says otherwise.
TIMEOUT = 120

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
class _Flight:
    """What a system is being asked at the moment. ``cancel`` stops this system alone."""

    asked: list[tuple[Group, set[Asked]]]
    cancel: Cancel = field(default_factory=Cancel)
    begun: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        """How long it has taken so far."""
        return time.monotonic() - self.begun


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
        self.flying: dict[Future[tuple[list[Hit], float]], tuple[str, _Flight]] = {}
        self.told: dict[RowRef, Finding] = {}
        self.identifiers_told = [0] * len(self.asks)
        self.started = datetime.now(UTC).isoformat(timespec="seconds")

    def run(self) -> Searched:
        self._check_subjects()
        self._reach(range(len(self.asks)))
        try:
            self._start(self._wave())
            while self.flying:
                answered = self._wait()
                self._reach([n for n, needed in self.needs.items() if not answered.isdisjoint(needed)])
                self._start(self._wave())
        except BaseException:
            for name, flight in self.flying.values():  # whoever stops does not wait for those that don't answer
                flight.cancel.cancel()
                self.systems.leave(name)
            raise
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
        """What to ask now, by system: databases as long as they lead anywhere, then mentions and files, once, with everything.

        Nothing while one that was asked a moment ago may still answer: what it says may change what there is to ask.
        """
        if self._expected():
            return {}
        busy = {name for name, _ in self.flying.values()}
        needed: dict[Group, set[Asked]] = {}
        for wanted in self.needs.values():
            for group, values in wanted.items():
                if group.system in busy:
                    continue
                needed.setdefault(group, set()).update(values)
        quick = {g: v for g, v in needed.items() if not g.mention and g.system not in self.answers.slow}
        wave: dict[str, list[tuple[Group, set[Asked]]]] = {}
        for group, values in (quick or needed).items():
            wave.setdefault(group.system, []).append((group, values))
        return wave

    def _expected(self) -> bool:
        """Whether somebody may answer any moment."""
        return any(flight.seconds < GO_ON_AFTER for _, flight in self.flying.values())

    def _start(self, wave: Mapping[str, list[tuple[Group, set[Asked]]]]) -> None:
        """Ask it. Each system has one question at a time."""
        for name, asked in wave.items():
            self.progress[name].wave += 1
            self.tell(Searching(name, self.progress[name].wave))
            flight = _Flight(asked)
            self.flying[self.systems.start(name, partial(self._find, flight))] = name, flight

    def _find(self, flight: _Flight, driver: Driver) -> tuple[list[Hit], float]:
        """The body of a question, on the system's own thread."""
        lookups = [group.lookup(values) for group, values in flight.asked]
        begun = time.perf_counter()
        with self.cancel.stops_with(flight.cancel.cancel):
            hits = self.systems.find(driver, lookups, flight.cancel)
        return hits, time.perf_counter() - begun

    def _wait(self) -> set[Group]:
        """Until all have answered, or for a moment; files the answers, and gives up who is overdue. What is answered by now."""
        begun = time.monotonic()
        answered: set[Group] = set()
        while self.flying and (left := begun + SHOW_AFTER - time.monotonic()) > 0:
            done, _ = wait(self.flying, left, FIRST_COMPLETED)
            for future in done:
                answered |= self._landed(future, *self.flying.pop(future))
            if answered and not self._expected():
                break
        self.cancel.check()
        for future, (name, flight) in list(self.flying.items()):
            system = self.systems.catalog.systems[name]
            limit = system.timeout or TIMEOUT
            local = name in self.answers.slow and not system.url  # files of this computer are waited for
            if flight.seconds > limit and not local:
                del self.flying[future]
                if name not in self.answers.slow:  # to stop one of those ends the process in which others may be read
                    flight.cancel.cancel()
                self.systems.leave(name)
                what = f"{self.systems.catalog.systems[name].label} has not answered for {limit} seconds."
                cure = "Ask it again, give it more time (timeout: in its catalog file), or waive it with a reason."
                answered |= self._silent(name, flight, UnreachableError(what, cure))
        return answered

    def _landed(self, future: Future[tuple[list[Hit], float]], name: str, flight: _Flight) -> set[Group]:
        progress = self.progress[name]
        progress.queries += len(flight.asked)
        try:
            hits, seconds = result(future)
        except DeskError as error:
            self.cancel.check()
            return self._silent(name, flight, error)
        progress.seconds += seconds
        self.answers.take(flight.asked, hits)
        self.tell(Answered(name))
        return {group for group, _ in flight.asked}

    def _silent(self, name: str, flight: _Flight, error: DeskError) -> set[Group]:
        self.progress[name].error = error
        self.answers.silent.add(name)
        self.tell(SystemSearched(self._status(name, 0)))
        return {group for group, _ in flight.asked}

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

"""What must be true at the moment of a fault, and what must be true when the run was finished after it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from dsr_desk.errors import DeskError
from dsr_desk.flow.desk import Desk
from dsr_desk.store import schema
from tests.faults.place import ERASURE, SYSTEMS, Place, left_behind
from tests.flow.world import World

#: So often at most a run may be asked to go on before it is done.
TRIES = 3


@dataclass
class Oracle:
    """Looks at one copy of a place. ``wrong`` collects what is not as it must be."""

    place: Place
    world: World
    right: str = ERASURE
    wrong: list[str] = field(default_factory=list)

    @property
    def ref(self) -> str:
        """The request that is carried out."""
        return self.place.refs[self.right]

    def ended(self, status: int, *allowed: int) -> None:
        """A run ended with this status."""
        self._must(status in allowed, f"the run ended with {status}")

    def at_the_fault(self) -> None:
        """Before anything is mended: each system is all or nothing, nothing is written without word of it, *done* is true."""
        now = self.place.systems(self.world)
        desk = self.world.desk()
        with desk.workspace:
            journal, trail = _said(desk, self.ref)
            self._must(desk.verify_trail(lambda *_: None).ok, "the trail does not verify")
        for system in SYSTEMS:
            before, after = self.place.before[system], self.place.after[self.right][system]
            self._must(now[system] in (before, after), f"{system} is half written")
            if now[system] != before:
                self._must(bool(journal["intent", system] and trail["step.intent", system]), f"{system} written without an intent")
                self._must(bool(journal["committing", system]), f"{system} written without evidence")
            if journal["done", system] or trail["step.done", system]:
                self._must(now[system] == after, f"{system} called done, and is not")
            self._pairs(journal, trail, system)

    def said_done(self, system: str) -> bool:
        """Whether the journal calls a system done."""
        desk = self.world.desk()
        with desk.workspace:
            return bool(_said(desk, self.ref)[0]["done", system])

    def finished(self, verify: bool = False) -> None:
        """Apply until it is done: then all is as if nothing had happened, recorded exactly once, and nothing is left over."""
        desk = self.world.desk()
        with desk.workspace:
            for _ in range(TRIES):
                try:
                    done = desk.apply(self.ref)
                except DeskError as error:
                    self.wrong.append(f"can't go on: {type(error).__name__} {error.message}")
                    return
                if done.status == "applied":
                    break
            self._must((done.status, done.exit_code) == ("applied", 0), f"never done: {done.status} {done.exit_code}")
            now = self.place.systems(self.world)
            for system in SYSTEMS:
                self._must(now[system] == self.place.after[self.right][system], f"{system} is not as after an undisturbed run")
            journal, trail = _said(desk, self.ref)
            for system in SYSTEMS:
                self._must(trail["step.done", system] == 1, f"{trail['step.done', system]} entries say that {system} is done")
                self._must(trail["step.intent", system] >= 1, f"no entry says that {system} was meant to be written")
                self._pairs(journal, trail, system)
            self._must(desk.verify_trail(lambda *_: None).ok, "the trail does not verify")
            with desk.workspace.read() as tx:
                held = tx.connection.execute(schema.leases.select().where(schema.leases.c.holder.is_not(None))).all()
            self._must(not held, "a lease is held by nobody")
            if verify:
                self._must(desk.verify(self.ref).status == "verified", "the second search found something")
        if left := left_behind(self.place, self.world):
            self.wrong.append(f"left behind: {', '.join(left)}")

    def untouched(self) -> None:
        """No system is other than it was."""
        now = self.place.systems(self.world)
        for system in SYSTEMS:
            self._must(now[system] == self.place.before[system], f"{system} was written to")

    def _pairs(self, journal: Counter[tuple[str, str]], trail: Counter[tuple[str, str]], system: str) -> None:
        for state, entry in (("intent", "step.intent"), ("done", "step.done"), ("drift", "step.drift")):
            self._must(journal[state, system] == trail[entry, system], f"journal and trail differ on {entry} of {system}")

    def _must(self, holds: bool, otherwise: str) -> None:
        if not holds:
            self.wrong.append(otherwise)


def _said(desk: Desk, ref: str) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]]:
    with desk.workspace.read() as tx:
        journal = Counter((row.state, row.system) for row in tx.journal_rows(ref))
        trail = Counter((e.type, str(e.body.get("system"))) for e in tx.entries_of(tx.request(ref).case))
    return journal, trail

"""How far a plan has come in each system, from what was planned, what is told, and what a run left behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from dsr_desk.gui.models.wording import counted
from dsr_desk.model.event import Step
from dsr_desk.model.plan import Plan
from dsr_desk.model.result import ApplyResult, SystemApplied


@dataclass(frozen=True, slots=True)
class Look:
    """How a state is shown: its word, icon, and colour."""

    word: str
    sign: str
    tint: str
    bar: str = "bar_rest"


LOOKS = {
    "next": Look("next", "clock", "text2"),
    "checking": Look("looked at first", "search", "accent", "accent_fill"),
    "writing": Look("writing", "busy", "accent", "accent_fill"),
    "verifying": Look("read again", "refresh", "accent", "accent_fill"),
    "done": Look("done", "done", "verified", "bar_done"),
    "refused": Look("nothing written", "warning", "retained", "bar_waits"),
    "failed": Look("failed", "failed", "failed", "danger_fill"),
    "in doubt": Look("in doubt", "question", "failed", "danger_fill"),
    "waiting": Look("not reached", "clock", "text2"),
    "unchanged": Look("nothing to write", "check", "text2"),
    "manual": Look("by hand", "manual", "manual"),
}
_STATES = {"applied": "done"}


@dataclass(frozen=True, slots=True)
class SystemRun:
    """One system of a run: its state, how many of its records, and in words what happened and what to do."""

    system: str
    state: str
    done: int = 0
    total: int = 0
    retained: int = 0
    text: str = ""
    hint: str = ""
    guarantee: str = ""
    at: str = ""
    rows: tuple[str, ...] = ()

    @property
    def look(self) -> Look:
        """How the state is shown."""
        return LOOKS[self.state]


@dataclass(frozen=True)
class Run:
    """All systems of a plan, in its order."""

    systems: Mapping[str, SystemRun] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Records to write, over all systems."""
        return sum(s.total for s in self.systems.values())

    @property
    def done(self) -> int:
        """Records written in systems that are done."""
        return sum(s.done for s in self.systems.values() if s.state == "done")

    @property
    def writing(self) -> tuple[SystemRun, ...]:
        """The systems that the plan writes to."""
        return tuple(s for s in self.systems.values() if s.total)

    @property
    def upcoming(self) -> str:
        """The next system that nothing has been written to; ``""`` for none."""
        return next((s.system for s in self.writing if s.state in ("next", "waiting")), "")

    def finished(self) -> bool:
        """Whether every system that is written to is done."""
        return all(s.state == "done" for s in self.writing)

    def heard(self, event: Step) -> Run:
        """The run after one more thing was told."""
        old = self.systems.get(event.system, SystemRun(event.system, "next"))
        new = replace(
            old,
            state=event.state,
            done=event.done,
            total=event.total or old.total,
            text=event.text,
            rows=tuple(d.ref.path for d in event.drift),
        )
        if event.applied is not None:
            wrote = event.applied.deleted + event.applied.changed
            new = replace(
                new, done=wrote, text=_wrote(event.applied.deleted, event.applied.changed, new.retained, event.applied.notes)
            )
        return Run({**self.systems, event.system: new})


def start(plan: Plan | None) -> Run:
    """The run before its first step."""
    if plan is None:
        return Run()
    systems: dict[str, SystemRun] = {}
    for name in dict.fromkeys((*plan.systems(), *plan.manual_systems)):
        steps = [s for s in plan.steps if s.ref.system == name]
        writes = sum(1 for s in steps if s.changes)
        kept = sum(1 for s in steps if any(o.name == "retained" for o in s.fields.values()) and s.action == "keep")
        manual = name in plan.manual_systems
        systems[name] = SystemRun(name, "manual" if manual else "next" if writes else "unchanged", 0, 0 if manual else writes, kept)
    return Run(systems)


def ended(plan: Plan | None, result: ApplyResult) -> Run:
    """The run as it was left."""
    run = dict(start(plan).systems)
    for left in result.systems:
        run[left.system] = _left(run.get(left.system, SystemRun(left.system, "next")), left)
    return Run(run)


def _left(old: SystemRun, left: SystemApplied) -> SystemRun:
    state = _STATES.get(left.status, left.status)
    wrote = left.deleted + left.changed
    text = _wrote(left.deleted, left.changed, old.retained, left.notes) if state == "done" else left.error
    if state == "manual":
        text = ""
    return replace(
        old,
        state=state,
        done=wrote,
        total=old.total or wrote,
        text=text,
        hint=left.hint,
        guarantee=left.guarantee,
        at=left.at,
        rows=left.rows,
    )


def _wrote(deleted: int, changed: int, retained: int, notes: tuple[str, ...]) -> str:
    parts = [
        f"{deleted} deleted" if deleted else "",
        f"{changed} changed" if changed else "",
        f"{retained} retained" if retained else "",
    ]
    return ", ".join([p for p in parts if p] or [counted(0, "record")]) + "".join(f" · {n}" for n in notes)

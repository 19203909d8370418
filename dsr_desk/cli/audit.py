"""The commands of the trail."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Mapping

from dsr_desk.audit.trail import Verdict
from dsr_desk.cli.answer import Answer
from dsr_desk.flow.desk import Desk


def _verify(desk: Desk, a: Namespace) -> Answer:
    verdict = desk.verify_trail(lambda done, total: None)
    fault = verdict.fault
    document = {
        "ok": verdict.ok,
        "entries": verdict.entries,
        "checkpoint": verdict.checkpoint,
        "anchored": verdict.anchored,
        "doubted": list(verdict.doubted),
        "fault": {"seq": fault.seq, "error": type(fault.error).__name__, "message": fault.sentence} if fault else None,
    }
    return (1, document, [fault.sentence]) if fault else (0, document, _words(verdict))


def _words(verdict: Verdict) -> list[str]:
    lines = [f"All {verdict.entries} entries hold."]
    if verdict.unanchored:
        lines.append(f"Nothing outside this workspace was held against the last {verdict.unanchored} of them.")
    if verdict.doubted:
        numbers = ", ".join(map(str, verdict.doubted))
        lines.append(f"Doubted, for somebody else may have signed them with a stolen key: {numbers}.")
    return lines


def _list(desk: Desk, a: Namespace) -> Answer:
    names = desk.operator_names()
    entries = desk.entries()
    document = [{"seq": e.seq, "ts": e.ts, "type": e.type, "actor": e.actor, "body": dict(e.body)} for e in entries]
    lines = [f"{e.seq:>6}  {e.ts}  {e.type:<14} {names.get(e.actor, e.actor)}" for e in entries]
    return 0, {"entries": document}, lines


def _restored(desk: Desk, a: Namespace) -> Answer:
    had = desk.workspace.had
    if not had:
        nothing = "This workspace goes on from what this desk saw of it: there is nothing to record."
        return 0, {"restored": False, "had": None}, [nothing]
    recorded = f"Recorded: this desk had seen {had} entries, and goes on from the copy that was brought back."
    return 0, {"restored": True, "had": had}, [recorded]


VERBS: Mapping[str, Callable[[Desk, Namespace], Answer]] = {
    "audit verify": _verify,
    "audit list": _list,
    "audit restored": _restored,
}

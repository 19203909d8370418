"""The commands of the trail."""

from __future__ import annotations

import base64
from argparse import Namespace
from collections.abc import Callable, Mapping
from typing import Any

from dsr_desk.audit.trail import Verdict
from dsr_desk.cli.answer import Answer
from dsr_desk.errors import UsageError
from dsr_desk.flow.desk import Desk
from dsr_desk.model.anchor import Anchor


def _verify(desk: Desk, a: Namespace) -> Answer:
    against = [note for file in a.against for note in desk.kept_checkpoints(file)]
    verdict = desk.verify_trail(lambda done, total: None, against=against)
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


def _anchor(desk: Desk, a: Namespace) -> Answer:
    if a.letter is not None and (a.to is not None or a.timestamp):
        raise UsageError("A letter is made by itself.", "Give --letter alone.")
    if a.letter is not None:
        made = desk.anchor_letter(a.letter, a.paper)
    elif a.timestamp:
        made = desk.anchor_timestamp(a.timestamp, a.to)
    elif a.to is not None:
        made = desk.anchor_file(a.to)
    else:
        return _anchors(desk)
    lines = [f"A checkpoint over {made.size} entries left the workspace, entry {made.entry} of the trail."]
    if made.time:
        lines.append(f"The authority says it existed at {made.time}. Whether to trust the authority is not checked here.")
    else:
        lines.append("It is worth something once somebody keeps it whom nobody here can tell to change it.")
    return 0, _shape(made), [*lines, *made.note.splitlines()]


def _anchors(desk: Desk) -> Answer:
    listed, since = desk.anchors(), desk.unanchored()
    lines = [f"{one.at}  {one.how:<16} {one.size} entries, entry {one.entry}" for one in listed]
    lines.append(f"{since} entries since the last checkpoint left the workspace.")
    return 0, {"anchors": [_shape(one) for one in listed], "unanchored": since}, lines


def _shape(anchor: Anchor) -> dict[str, Any]:
    proof = base64.b64encode(anchor.proof).decode("ascii") or None
    return {
        "entry": anchor.entry,
        "size": anchor.size,
        "how": anchor.how,
        "holds": anchor.holds,
        "at": anchor.at,
        "time": anchor.time or None,
        "checkpoint": anchor.note,
        "reply": proof,
    }


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
    "audit anchor": _anchor,
    "audit restored": _restored,
}

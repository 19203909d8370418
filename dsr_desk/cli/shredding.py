"""The commands that end a request's own data."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from typing import Any

from dsr_desk.cli import words
from dsr_desk.cli.answer import Answer
from dsr_desk.errors import RefusedError, UsageError
from dsr_desk.flow.desk import Desk
from dsr_desk.model.shred import LAST_EVIDENCE, Shredding


def _shred(desk: Desk, a: Namespace) -> Answer:
    if bool(a.ref) == a.due:
        raise UsageError("Say what to shred: a request, or all that are due.", "dsr-desk request shred REF, or request shred --due")
    wanted = [a.ref] if a.ref else [r.ref for r in desk.to_shred()]
    if wanted and not a.yes:
        _ask(a, wanted)
    if a.ref:
        return _told([desk.shred(a.ref)], {})
    return _told(*desk.shred_due())


def _ask(a: Namespace, wanted: list[str]) -> None:
    if a.json or not sys.stdin.isatty():
        raise UsageError(
            "Nobody can be asked here.", f"What is shredded can't be brought back. {LAST_EVIDENCE} Are you sure, say so with --yes."
        )
    print("Nothing brings back what these requests hold once it is shredded:", *wanted, sep="\n  ")
    print(LAST_EVIDENCE)
    if input("Shred them? Type yes: ").strip().lower() != "yes":
        raise RefusedError("Nothing was shredded.", "Their files are as they were.")


def _told(done: list[Shredding], stay: Mapping[str, str]) -> Answer:
    lines = [f"{d.request}: its file is destroyed. Its line and its entries in the trail stay." for d in done]
    lines += [f"{ref}: stays. {why}" for ref, why in stay.items()]
    if done:
        lines.append("Backups of the workspace still hold their keys: destroy those, too, once you need them no more.")
    else:
        lines = lines or ["No request is due."]
    if not all(d.gone for d in done):
        lines.append("Some bytes are still in the workspace's log, for another window is reading it. They go when all are closed.")
    document: dict[str, Any] = {
        "shredded": [{"request": d.request, "entry": d.entry, "gone": d.gone} for d in done],
        "stay": [{"request": ref, "why": why} for ref, why in stay.items()],
    }
    return (0 if not stay and all(d.gone for d in done) else 1), document, lines


def due(desk: Desk) -> Answer:
    """The closed requests whose retention has ended."""
    names = {r.ref for r in desk.to_shred()}
    listed = [r for r in desk.requests(closed=True) if r.ref in names]
    document = [{"request": r.ref, "right": r.right, "received": r.received.isoformat()} for r in listed]
    ends = [f"{len(listed)} due. Shred them: dsr-desk request shred --due"] if listed else ["No request is due."]
    return 0, {"due": document}, [*words.inbox(listed, []), *ends] if listed else ends


VERBS: Mapping[str, Callable[[Desk, Namespace], Answer]] = {"request shred": _shred}

"""The commands of the safe lock and the workspace's key."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Mapping
from typing import Any

from dsr_desk.cli.answer import Answer
from dsr_desk.errors import UnreachableError
from dsr_desk.flow.desk import Desk
from dsr_desk.model.lock import Told
from dsr_desk.model.values import as_text, to_json


def _open(desk: Desk, a: Namespace) -> Answer:
    opened = desk.lock_open(a.ref, a.reason)
    document = {
        "request": opened.request,
        "complete": not opened.unread,
        "values": [_shape(t) for t in opened.values],
        "unread": dict(opened.unread),
        "entry": opened.entry,
    }
    lines = [f"{t.place.ref.path} {t.place.field}: {t.why or as_text(t.value)}" for t in opened.values]
    lines += [f"{system}: not read. {why}" for system, why in opened.unread.items()]
    return (
        (UnreachableError.exit_code if opened.unread else 0),
        document,
        [*lines, f"Recorded as entry {opened.entry} of the trail."],
    )


def _shape(told: Told) -> dict[str, Any]:
    place = told.place
    return {
        "system": place.ref.system,
        "collection": place.ref.collection,
        "key": {name: to_json(value) for name, value in place.key.items()},
        "row": place.ref.path,
        "field": place.field,
        "value": to_json(told.value),
        "type": place.kind,
        "why": told.why or None,
    }


def _shred(desk: Desk, a: Namespace) -> Answer:
    done = desk.lock_shred(a.ref)
    document = {"request": done.request, "tokens": done.tokens, "gone": done.gone, "entry": done.entry}
    counted = f"{done.tokens} token{'' if done.tokens == 1 else 's'}"
    lines = [
        f"The key is destroyed: nothing opens the {counted} of {done.request} any more.",
        "Backups of the workspace still hold the key, and the request's own sealed file the values, until its retention ends.",
    ]
    if not done.gone:
        lines.append("Its bytes are still in the workspace's log, for another window is reading it. They go when all are closed.")
    return (0 if done.gone else 1), document, lines


def _rotate(desk: Desk, a: Namespace) -> Answer:
    count = desk.rotate_key()
    lines = [
        f"The workspace has a new key. {count} keys of requests and holds are wrapped under it, and the old one is destroyed.",
        "A backup of the workspace from before today opens as it did: keep it as safe as the workspace, or destroy it.",
    ]
    return 0, {"keys": count}, lines


VERBS: Mapping[str, Callable[[Desk, Namespace], Answer]] = {"lock open": _open, "lock shred": _shred, "key rotate": _rotate}

"""The commands of the catalog: check it, accept it, and go through its versions."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from dsr_desk.catalog.diff import Change
from dsr_desk.cli import words
from dsr_desk.cli.answer import Answer
from dsr_desk.errors import RefusedError, UsageError
from dsr_desk.flow.desk import Desk
from dsr_desk.store.versions import CatalogVersion


def _check(desk: Desk, a: Namespace) -> Answer:
    checked = desk.check_catalog()
    document = {
        "ok": checked.ok,
        "accepted": desk.catalog_accepted(),
        "problems": [
            {
                "code": p.code,
                "severity": p.severity,
                "system": p.system,
                "collection": p.collection,
                "field": p.field,
                "file": p.file,
                "line": p.line,
                "column": p.column,
                "key": p.key,
                "message": p.message,
                "hint": p.hint,
            }
            for p in checked.problems
        ],
        "systems": [
            {
                "system": s.system,
                "reachable": s.reachable,
                "server": s.server,
                "known_columns": s.known_columns,
                "live_columns": s.live_columns,
                "uncovered": list(s.uncovered),
                "error": s.error or None,
            }
            for s in checked.systems
        ],
    }
    wrong = checked.errors or checked.catalog is None or (a.strict and checked.warnings)
    code = max(1 if wrong else 0, 4 if checked.unreachable else 0)
    return code, document, words.check(checked)


def _accept(desk: Desk, a: Namespace) -> Answer:
    changes, text = desk.catalog_changes()
    shown = _said(changes, text)
    if not a.yes:
        if a.json or not sys.stdin.isatty():
            raise UsageError("Nobody can be asked here.", "Look at the changes, then accept them with --yes.")
        print("\n".join(shown))
        if input("Accept this catalog? Type yes: ").strip().lower() != "yes":
            raise RefusedError("The catalog was not accepted.", "Nothing was recorded.")
        shown = []
    digest = desk.accept_catalog(a.reason)
    version = desk.catalog_versions()[-1]
    document = {"catalog": digest, "version": version.number, "changes": [_change(c) for c in changes]}
    return 0, document, [*shown, f"Accepted as version {version.number}: {digest}"]


def _versions(desk: Desk, a: Namespace) -> Answer:
    names, accepted = desk.operator_names(), desk.catalog_accepted()
    every = desk.catalog_versions()
    current = every[-1].number if every and accepted else None
    listed = [_version(v, names.get(v.by)) for v in reversed(every)]
    return 0, {"versions": listed, "current": current}, _lines(every, names, current)


def _difference(desk: Desk, a: Namespace) -> Answer:
    found = desk.catalog_difference(a.older, a.newer)
    document = {
        "from": found.older or None,
        "to": found.newer,
        "changes": [_change(c) for c in found.changes],
        "text": found.text,
    }
    to = f"version {found.newer}" if found.newer else "the files as they are"
    head = f"From {f'version {found.older}' if found.older else 'nothing'} to {to}:"
    return 0, document, [head, *(_said(found.changes, found.text) if found.text else ["Nothing is different."])]


def _roll_back(desk: Desk, a: Namespace) -> Answer:
    back = desk.bring_back_catalog(a.version, a.yes)
    accepted = desk.catalog_accepted()
    document = {
        "version": back.number,
        "written": list(back.written),
        "removed": list(back.removed),
        "other_connectors": list(back.other),
        "accepted": accepted,
    }
    lines = [*(f"written: {name}" for name in back.written), *(f"removed: {name}" for name in back.removed)]
    for name in back.other:
        lines.append(f"{name} comes with the program, and is not what it was then. It was left as it is.")
    next_ = "It is accepted already." if accepted else "Look at it, then accept it: dsr-desk catalog accept"
    return 0, document, [*lines, f"The catalog is as in version {back.number}. {next_}"]


def _said(changes: Iterable[Change], text: str) -> list[str]:
    listed = [c.text for c in changes]
    return listed or ([text] if text else ["Nothing changed since the accepted version."])


def _change(of: Change) -> dict[str, Any]:
    return {"kind": of.kind, "file": of.file, "line": of.line, "text": of.text}


def _version(of: CatalogVersion, name: str | None) -> dict[str, Any]:
    return {
        "version": of.number,
        "catalog": of.digest,
        "accepted": of.at,
        "by": name,
        "key": of.by,
        "entry": of.entry,
        "reason": of.reason or None,
        "files": sorted(of.files),
    }


def _lines(every: list[CatalogVersion], names: Mapping[str, str], current: int | None) -> Iterator[str]:
    if not every:
        yield "No version of the catalog was accepted yet."
    for v in reversed(every):
        mark = "  (the files as they are)" if v.number == current else ""
        who = names.get(v.by, "somebody who left")
        yield f"{v.number:>4}  {v.at[:16].replace('T', ' ')}  {who}, entry {v.entry}  {words.plural(len(v.files), 'file')}{mark}"
        yield f"      {v.digest}"
        if v.reason:
            yield f"      {v.reason}"


VERBS: Mapping[str, Callable[[Desk, Namespace], Answer]] = {
    "catalog check": _check,
    "catalog accept": _accept,
    "catalog versions": _versions,
    "catalog diff": _difference,
    "catalog rollback": _roll_back,
}

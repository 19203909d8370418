"""What an entry of the trail says, in words, and how it looks: a sentence for every type, and what was refused for itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from dsr_desk.audit.trail import Entry
from dsr_desk.gui.models.wording import counted, grouped, thin

#: The kinds of acts to filter by: name → words and the types (or their first word) that belong to it.
KINDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "request": ("What was done in requests", ("case", "review", "task", "search")),
    "decision": ("Plans and approvals", ("plan", "case.decide", "search.waive")),
    "write": ("What was written in systems", ("step", "verify", "lock")),
    "seen": ("Who looked at what", ("case.view", "reveal", "search", "desk", "lock.open")),
    "given": ("What was given away", ("export", "report", "evidence", "receipt", "checkpoint")),
    "keys": ("Operators, keys and settings", ("log", "key", "policy", "catalog", "secret", "hold")),
    "bad": (
        "Refused, failed or doubtful",
        ("act.refused", "step.drift", "step.blocked", "verify.fail", "head.reset", "clock.warn", "key.compromise", "unreadable"),
    ),
}

_SIGNS = {
    "log": ("plus", "text2"), "key": ("key", "text2"), "policy": ("key", "text2"), "catalog": ("systems", "text2"),
    "case": ("requests", "text2"), "search": ("search", "text2"), "desk": ("computer", "text2"),
    "review": ("check", "text2"), "plan": ("changed", "text2"), "step": ("check", "verified"),
    "verify": ("shield", "verified"), "checkpoint": ("anchor", "verified"), "evidence": ("bundle", "text2"),
    "receipt": ("bundle", "text2"),
    "task": ("manual", "manual"), "export": ("save", "text2"), "report": ("audit", "text2"),
    "reveal": ("reveal", "retained"), "secret": ("lock", "text2"), "hold": ("hold", "retained"), "lock": ("lock", "text2"),
}  # fmt: skip
_OWN = {
    "step.drift": ("warning", "retained"), "step.blocked": ("failed", "failed"), "verify.fail": ("failed", "failed"),
    "search.waive": ("warning", "retained"), "unreadable": ("failed", "failed"), "act.refused": ("refused", "failed"),
    "case.view": ("reveal", "text2"), "case.shred": ("erased", "text2"), "key.compromise": ("warning", "failed"),
    "head.reset": ("warning", "retained"), "clock.warn": ("clock-alert", "retained"),
}  # fmt: skip
#: Why a step stands as blocked when a person settled a doubt.
_SETTLED = "settled-by-hand"
#: What was tried, by the type of entry that it would have made.
_TRIED = {
    "case.close": "close the request", "case.decide": "record a decision", "case.open": "open a request",
    "case.shred": "destroy the request’s file", "catalog.set": "change a catalog",
    "catalog.discover": "draft a catalog", "evidence.make": "make evidence",
    "desk.open": "open the desk", "export.make": "save the person’s data",
    "hold.release": "release a legal hold", "hold.set": "set a legal hold",
    "key.add": "admit an operator", "key.retire": "let an operator go", "key.rotate": "change the workspace key",
    "lock.open": "open the safe lock", "lock.shred": "destroy the key of the safe lock", "plan.approve": "approve a plan",
    "plan.make": "make a plan", "policy.set": "say how many have to approve", "receipt.make": "make a receipt",
    "report.make": "write the report", "reveal": "see a value in clear", "review.set": "review what was found",
    "search.run": "search", "search.waive": "leave a system out", "step.blocked": "settle a doubt",
    "step.intent": "apply a plan", "task.answer": "answer a task", "verify.pass": "search again",
}  # fmt: skip
_WHY = {
    "RefusedError": "not allowed as things stand", "HeldError": "a legal hold stands", "DriftError": "rows had changed",
    "InDoubtError": "a system is in doubt", "ShreddedError": "its file is destroyed",
    "UnreachableError": "something did not answer",
    "LockedError": "a system was locked", "CredentialsError": "a password or code did not open it",
    "CatalogError": "the catalog has errors", "TamperedError": "something signed does not hold",
}  # fmt: skip
_HOW = {"file": "as a file", "letter": "as a letter", "timestamp": "by a timestamp", "report": "in a report"}


def _rows(body: Mapping[str, Any]) -> str:
    parts = [f"{body[k]} {k}" for k in ("deleted", "changed") if body.get(k)]
    return f": {', '.join(parts)}" if parts else ""


def _searched(b: Mapping[str, Any]) -> str:
    failed = f", {b['failed']} did not answer" if b.get("failed") else ""
    found = f", {counted(b['rows'], 'record')} found" if "rows" in b else ""
    return f"{counted(b.get('systems', 0), 'system')} searched{failed}{found}"


def _reviewed(b: Mapping[str, Any]) -> str:
    if "subjects" in b:
        return f"{counted(b['subjects'], 'row')} said to be this person"
    what = counted(b["rows"], "row") if "rows" in b else counted(b.get("identifiers", 1), "identifier")
    return f"{what} {'included' if b.get('include', True) else 'left out'}"


def _refused(b: Mapping[str, Any]) -> str:
    act = str(b.get("act", "?"))
    why = _WHY.get(str(b.get("why", "")), "")
    return f"Somebody wanted to {_TRIED.get(act, f'do this: {act}')}{f': {why}' if why else ''}"


def _shredded(b: Mapping[str, Any]) -> str:
    why = {"retention": "its time was over", "asked": "somebody asked for it"}.get(str(b.get("why", "")), "")
    return f"The request’s file was destroyed{f': {why}' if why else ''}"


def _key(b: Mapping[str, Any]) -> str:
    return grouped(str(b.get("key_id", "?"))[:8])


_SAYS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "log.open": lambda b: "The trail begins",
    "key.add": lambda b: f"A key was admitted as {b.get('role', 'operator')}",
    "key.retire": lambda b: f"The key {_key(b)} was retired",
    "key.compromise": lambda b: f"Somebody else may have had the key {_key(b)} since entry {b.get('since', '?')}",
    "key.rotate": lambda b: "The workspace’s key was changed",
    "policy.set": lambda b: f"From now on a plan needs {counted(b.get('approvals', 1), 'approval')}",
    "catalog.set": lambda b: f"The catalog {grouped(str(b.get('catalog', ''))[:8])} was accepted",
    "catalog.discover": lambda b: f"{b.get('system', '?')} was looked into for a draft catalog",
    "case.open": lambda b: f"A request for {b.get('right', '?')} was opened",
    "case.identify": lambda b: "The identity check was recorded",
    "case.decide": lambda b: f"Decision: {b.get('decision', '?')}",
    "case.close": lambda b: "The request was closed",
    "case.view": lambda b: "The request was opened to be read",
    "case.shred": _shredded,
    "case.extend": lambda b: f"The period was extended: the answer is due on {b.get('due', '?')}",
    "case.people": lambda b: f"It is over a list: {counted(b.get('identifiers', 0), 'identifier')}",
    "search.run": _searched,
    "search.waive": lambda b: f"{b.get('system', '?')} was waived",
    "review.set": _reviewed,
    "plan.make": lambda b: f"{counted(b.get('records', 0), 'record')} planned, {counted(b.get('refusals', 0), 'refusal')}",
    "plan.approve": lambda b: f"Plan {grouped(str(b.get('digest', ''))[:8])} was approved",
    "step.intent": lambda b: f"{b.get('system', '?')}: about to be written",
    "step.done": lambda b: f"{b.get('system', '?')}: written{_rows(b)}",
    "step.drift": lambda b: f"{b.get('system', '?')}: rows had changed, nothing written",
    "step.blocked": lambda b: (
        f"{b.get('system', '?')}: {'a person looked and settled the doubt' if b.get('why') == _SETTLED else 'could not be written'}"
    ),
    "verify.pass": lambda b: f"Searched again: 0 left over, {b.get('retained', 0)} retained, {b.get('excluded', 0)} left out",
    "verify.fail": lambda b: f"Searched again: {b.get('leftover', '?')} left over",
    "task.answer": lambda b: (
        f"Done by hand: {counted(b.get('records', 0), 'record')}, {counted(b.get('files', 0), 'file')} attached"
    ),
    "export.make": lambda b: f"The person’s data was saved: {counted(b.get('files', 0), 'file')}",
    "report.make": lambda b: "The report was written",
    "report.print": lambda b: "The report was printed",
    "report.period": lambda b: f"The report over {b.get('first', '?')} to {b.get('last', '?')} was written",
    "evidence.make": lambda b: "An evidence bundle was written",
    "receipt.make": lambda b: "A receipt for the person was written",
    "reveal": lambda b: f"{counted(b.get('values', 1), 'value')} shown in clear",
    "act.refused": _refused,
    "desk.open": lambda b: "The desk was unlocked" if b.get("again") else "The desk was opened",
    "checkpoint.anchor": lambda b: (
        f"The first {thin(int(b.get('size', 0)))} entries were anchored outside {_HOW.get(str(b.get('how')), '')}".rstrip()
    ),
    "head.reset": lambda b: f"Restored on purpose: {b.get('had', '?')} entries were here before",
    "clock.warn": lambda b: "The clock of this computer stood before the last entry",
    "secret.set": lambda b: f"The password of {b.get('system', '?')} was set",
    "lock.put": lambda b: f"Tokens were written: {counted(b.get('tokens', 0), 'value')} can be read back with the safe lock",
    "lock.open": lambda b: "The safe lock was opened",
    "lock.shred": lambda b: "The key of the safe lock was destroyed",
    "hold.set": lambda b: f"A legal hold was set on {'a request' if b.get('case') else 'a person'}",
    "hold.release": lambda b: "A legal hold was released",
    "unreadable": lambda b: "This entry can’t be read: somebody changed its bytes",
}  # fmt: skip


def says(entry: Entry) -> str:
    """An entry as a sentence; its type where nobody worded it."""
    known = _SAYS.get(entry.type)
    return known(entry.body) if known else entry.type


def look(kind: str) -> tuple[str, str]:
    """The sign of a type of entries, and its tint."""
    return _OWN.get(kind) or _SIGNS.get(kind.partition(".")[0], ("info", "text2"))


def of_kind(kind: str, type_: str) -> bool:
    """Whether a type of entries belongs to one of ``KINDS``."""
    return any(t in (type_, type_.partition(".")[0]) for t in KINDS[kind][1])


def raw(entry: Entry) -> str:
    """The stored record, indented to be read; as it stands where it is not JSON."""
    text = entry.raw.decode("utf-8", "replace")
    try:
        return json.dumps(json.loads(text), indent=1, ensure_ascii=False, sort_keys=True)
    except ValueError:
        return text

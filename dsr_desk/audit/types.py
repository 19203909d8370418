"""The kinds of entries, what each must say, and what none may hold: anything that names a person."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

#: Each known type and the fields its body must have. More are allowed, in the shapes that ``check_body`` accepts.
TYPES: Mapping[str, tuple[str, ...]] = {
    "log.open": ("key",),
    "key.add": ("key", "role"),
    "key.retire": ("key_id",),
    "key.compromise": ("key_id", "since"),
    "policy.set": ("approvals",),
    "catalog.set": ("catalog",),
    "catalog.discover": ("system",),
    "case.open": ("case", "right"),
    "case.identify": ("case",),
    "case.decide": ("case", "decision"),
    "case.close": ("case",),
    "case.view": ("case",),
    "case.shred": ("case",),
    "search.run": (),
    "search.waive": ("case", "system"),
    "case.people": ("case", "identifiers"),
    "review.set": ("case",),
    "plan.make": ("case", "digest"),
    "plan.approve": ("case", "digest", "size", "root"),
    "step.intent": ("case", "digest", "system"),
    "step.done": ("case", "digest", "system"),
    "step.drift": ("case", "digest", "system"),
    "step.blocked": ("case", "digest", "system"),
    "verify.pass": ("case",),
    "verify.fail": ("case",),
    "task.answer": ("case", "task"),
    "export.make": ("case",),
    "report.make": ("case",),
    "report.print": ("case",),
    "report.period": (),
    "evidence.make": ("case",),
    "receipt.make": ("case",),
    "reveal": ("case",),
    "act.refused": ("act", "why"),
    "desk.open": (),
    "checkpoint.anchor": ("size", "root", "how"),
    "head.reset": ("had",),
    "clock.warn": ("behind",),
    "secret.set": ("system",),
    "lock.put": ("case", "digest", "system"),
    "lock.open": ("case",),
    "lock.shred": ("case",),
    "key.rotate": ("state",),
    "hold.set": ("hold",),
    "hold.release": ("hold",),
    "case.extend": ("case", "due"),
}

#: The types that say who may sign, and how many have to approve. The root key alone signs them.
KEY_TYPES = frozenset({"log.open", "key.add", "key.retire", "key.compromise", "policy.set"})
#: Among which entries those of these types are numbered.
KEYS = "keys"

#: What an operator may be.
ROLES = ("agent", "approver", "auditor")
#: All that an auditor's key signs: looks and papers, and what a desk writes by itself whoever sits at it.
AUDITOR_ONLY = frozenset(
    {
        "act.refused",
        "case.view",
        "checkpoint.anchor",
        "clock.warn",
        "desk.open",
        "evidence.make",
        "head.reset",
        "key.rotate",
        "receipt.make",
        "report.make",
        "report.period",
        "report.print",
    }
)
#: What an agent's key never signs: they prepare, and somebody else decides.
AGENT_NEVER = frozenset({"plan.approve", "hold.release"})

_FIELD = re.compile(r"[a-z][a-z0-9_]{0,39}")
_CASE = re.compile(r"[0-9a-f]{16,64}")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/()+-]{0,127}")
_COUNTS = frozenset({"approvals", "since"})
_NUMBER = re.compile(r"[0-9]{1,15}")


def group_of(type: str, body: Mapping[str, Any]) -> str | None:
    """Among which entries this one is numbered (``n``): those of its case, by the case's id, or those about keys, ``"keys"``."""
    if type in KEY_TYPES:
        return KEYS
    case = body.get("case")
    return case if isinstance(case, str) else None


def check_body(type: str, body: Mapping[str, Any]) -> None:
    """Refuse (``ValueError``) a type nobody knows, a missing field, and every value that isn't a code, a count or a flag.

    A code is up to 128 ASCII letters, digits and ``_ . : / ( ) + -``: no blank and no ``@``, so no name, no e-mail
    and no sentence can stand in the trail, which no erasure ever edits. ``case`` is a random id in hex.
    """
    if type not in TYPES:
        raise ValueError(f"{type!r} is no type of entry")
    missing = [name for name in TYPES[type] if name not in body]
    if missing:
        raise ValueError(f"{type} needs {', '.join(missing)}")
    case = body.get("case")
    if case is not None and not (isinstance(case, str) and _CASE.fullmatch(case)):
        raise ValueError("case must be the random id of a case, in hex")
    if "role" in TYPES[type] and body["role"] not in ROLES:
        raise ValueError("a key has one of three roles")
    for count in _COUNTS.intersection(TYPES[type]):
        if isinstance(body[count], bool) or not isinstance(body[count], int) or body[count] < 1:
            raise ValueError(f"{count} is a whole number from 1 on")
    _check_value(body)


def _check_value(value: Any) -> None:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if not (isinstance(name, str) and (_FIELD.fullmatch(name) or _CODE.fullmatch(name))):
                raise ValueError("a name in an entry must be a code")
            _check_value(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _check_value(inner)
    elif isinstance(value, str):
        if not _CODE.fullmatch(value) or _NUMBER.fullmatch(value):
            raise ValueError("a text in an entry must be a code, without blanks, and not a number")
    elif not (value is None or isinstance(value, bool | int)):
        raise ValueError("an entry holds codes, whole numbers and flags only")

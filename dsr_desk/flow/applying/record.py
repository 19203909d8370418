"""What happened, written down: the journal's row and the trail's entry in one durable transaction."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from dsr_desk.errors import RefusedError, TamperedError
from dsr_desk.model.codec import decode, encode
from dsr_desk.model.plan import Plan
from dsr_desk.model.request import Request
from dsr_desk.model.trail import Entry
from dsr_desk.store.tx import Tx
from dsr_desk.store.workspace import Workspace

T = TypeVar("T")


def step(
    workspace: Workspace,
    request: Request,
    plan: Plan,
    system: str,
    state: str,
    entry: str | None = None,
    detail: Mapping[str, Any] | None = None,
    counts: Mapping[str, Any] | None = None,
    fence: int | None = None,
    unless: Callable[[Tx], None] | None = None,
    also: Callable[[Tx], None] | None = None,
) -> Entry | None:
    """One line of a run: its journal row and, where ``entry`` names a type, the trail's entry, both or neither.

    ``detail`` is sealed; ``counts`` stands in the trail and holds numbers and codes only. With ``fence``, ``RefusedError`` where
    that lease was lost: a run that was taken over may not begin anything. ``unless`` raises where something else stands against it,
    in the same transaction; ``also`` writes what has to be there with it.
    """
    with workspace.write() as tx:
        if fence is not None and not tx.fence_holds(request.ref, fence):
            raise RefusedError("Another run took this request over.", "Look at what it did before you start again.")
        if unless is not None:
            unless(tx)
        tx.journal(request.ref, plan.digest, system, state, detail or {})
        if also is not None:
            also(tx)
        if entry is None:
            return None
        return tx.append(entry, {"case": request.case, "digest": plan.digest, "system": system, **(counts or {})})


def put(tx: Tx, ref: str, part: str, thing: Any) -> None:
    """Seal a dataclass as one part of a request."""
    tx.seal(ref, part, packed(thing))


def packed(thing: Any) -> bytes:
    """A dataclass as the bytes that are sealed of it, for what is sealed as several parts."""
    return json.dumps(encode(thing), ensure_ascii=True, separators=(",", ":"), check_circular=False).encode("ascii")


def get(tx: Tx, ref: str, part: str, cls: type[T]) -> T | None:
    """The sealed part, or ``None`` where there is none; ``TamperedError`` where it isn't what was sealed."""
    data = tx.unseal(ref, part)
    if data is None:
        return None
    try:
        return decode(cls, json.loads(data))
    except (ValueError, KeyError, TypeError) as error:
        raise TamperedError(
            f"A sealed part of {ref} can't be read.", "It was written by another version, or changed: restore a backup."
        ) from error

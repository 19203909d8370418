"""Looking is recorded, too: who opened a request, and what somebody tried that was refused or failed."""

from __future__ import annotations

import functools
import hmac
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from dsr_desk.errors import CancelledError, CredentialsError, DeskError, UsageError
from dsr_desk.flow.roles import may
from dsr_desk.store.workspace import Workspace

P = ParamSpec("P")
R = TypeVar("R")

#: For how many seconds after an entry the same operator's next look at the same request is the same look.
SAME_LOOK = 300.0


class _Desk(Protocol):
    workspace: Workspace


D = TypeVar("D", bound=_Desk)


def recorded(act: str) -> Callable[[Callable[Concatenate[D, P], R]], Callable[Concatenate[D, P], R]]:
    """A verb of the desk whose refusals and failures stand in the trail, under the type that the act would have had.

    The request is the verb's first argument, where that is a reference. Bad usage and a cancel are no acts. It is refused to
    whoever sits there in a role that doesn't allow it.
    """

    def wrap(verb: Callable[Concatenate[D, P], R]) -> Callable[Concatenate[D, P], R]:
        @functools.wraps(verb)
        def run(desk: D, /, *args: P.args, **named: P.kwargs) -> R:
            try:
                may(desk.workspace, act)
                return verb(desk, *args, **named)
            except (UsageError, CancelledError):
                raise
            except DeskError as error:
                _refused(desk.workspace, act, args[0] if args else named.get("ref"), error)
                raise

        return run

    return wrap


def permitted(act: str) -> Callable[[Callable[Concatenate[D, P], R]], Callable[Concatenate[D, P], R]]:
    """A verb of the desk of whose refusals only one stands in the trail: that the role of whoever sits there doesn't allow it."""

    def wrap(verb: Callable[Concatenate[D, P], R]) -> Callable[Concatenate[D, P], R]:
        @functools.wraps(verb)
        def run(desk: D, /, *args: P.args, **named: P.kwargs) -> R:
            try:
                may(desk.workspace, act)
            except DeskError as error:
                _refused(desk.workspace, act, args[0] if args else named.get("ref"), error)
                raise
            return verb(desk, *args, **named)

        return run

    return wrap


def _refused(workspace: Workspace, act: str, ref: Any, error: DeskError) -> None:
    body: dict[str, Any] = {"act": act, "why": type(error).__name__}
    with suppress(DeskError):  # what is shown is why the act failed, not why its record did
        with workspace.read() as tx, suppress(DeskError):
            if isinstance(ref, str):
                body["case"] = tx.request(ref).case
        with workspace.write() as tx:
            tx.append("act.refused", body)


def entered(workspace: Workspace, passphrase: str | None) -> Callable[[str], bool]:
    """Somebody opened the desk. Gives what tells whether a passphrase unlocks it again, and records either answer.

    Without a ``passphrase`` (its keys lie in a keyring) anything does.
    """
    with workspace.write() as tx:
        tx.append("desk.open", {"again": False})

    def unlock(typed: str) -> bool:
        may = passphrase is None or hmac.compare_digest(typed.encode("utf-8", "surrogatepass"), passphrase.encode())
        with workspace.write() as tx:
            if may:
                tx.append("desk.open", {"again": True})
            else:
                tx.append("act.refused", {"act": "desk.open", "why": CredentialsError.__name__})
        return may

    return unlock


class Looks:
    """Which requests were opened to be looked at, at one desk."""

    def __init__(self) -> None:
        self._last: dict[str, float] = {}

    def at(self, workspace: Workspace, ref: str) -> None:
        """Somebody opened a request. ``UsageError`` where there is none of that reference."""
        now = time.monotonic()
        if now - self._last.get(ref, -SAME_LOOK) < SAME_LOOK:
            return
        with workspace.write() as tx:
            tx.append("case.view", {"case": tx.request(ref).case})
        self._last[ref] = now

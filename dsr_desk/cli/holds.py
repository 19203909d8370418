"""The commands of legal holds."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from dsr_desk.cli.answer import Answer
from dsr_desk.errors import UsageError
from dsr_desk.flow.desk import Desk
from dsr_desk.model.due import long_date
from dsr_desk.model.hold import Hold
from dsr_desk.model.mask import mask


def _set(desk: Desk, a: Namespace) -> Answer:
    if bool(a.ref) == bool(a.person):
        raise UsageError("Say what to hold: a request, or a person.", "dsr-desk hold set REF …, or hold set --person KIND=VALUE …")
    hold = desk.hold_request(a.ref, a.reason, a.until) if a.ref else desk.hold_person(a.person, a.reason, a.until)
    lines = [*_words([hold]), f"Nothing it covers is erased until: dsr-desk hold release {hold.id} --reason …"]
    if a.ref and desk.applied(a.ref) is not None:
        lines.append("What an earlier run erased stays erased: see dsr-desk report.")
    return 0, _shape(hold), lines


def _release(desk: Desk, a: Namespace) -> Answer:
    waiting = desk.release_hold(a.hold, a.reason)
    lines = ["Released.", *(f"{ref} waited for it. Plan it again: dsr-desk plan {ref}" for ref in waiting)]
    return 0, {"hold": a.hold, "released": True, "waiting": waiting}, lines


def _list(desk: Desk, a: Namespace) -> Answer:
    holds = desk.holds(a.released)
    return 0, {"holds": [_shape(h) for h in holds]}, _words(holds)


def _words(holds: Iterable[Hold]) -> Iterator[str]:
    listed = list(holds)
    if not listed:
        yield "No holds."
    for h in listed:
        kind, value = h.identity[0] if h.identity else ("", "")
        more = f" and {len(h.identity) - 1} more" if len(h.identity) > 1 else ""
        on = h.request or f"{mask(value, kind)}{more}"
        yield f"{h.id}  {on}  since {_day(h.at)}, by {h.by}: {h.reason}"
        if h.until and h.stands:
            yield f"    to be looked at again on {long_date(date.fromisoformat(h.until))}"
        if h.released:
            yield f"    released {_day(h.released)}, by {h.released_by}: {h.released_reason}"


def _shape(of: Hold) -> dict[str, Any]:
    return {
        "hold": of.id,
        "request": of.request or None,
        "identity": [{"kind": k, "value": v} for k, v in of.identity],
        "reason": of.reason,
        "by": of.by,
        "at": of.at,
        "until": of.until or None,
        "released": of.released or None,
        "released_by": of.released_by or None,
        "released_reason": of.released_reason or None,
    }


def _day(at: str) -> str:
    return long_date(datetime.fromisoformat(at).date())


VERBS: Mapping[str, Callable[[Desk, Namespace], Answer]] = {"hold set": _set, "hold release": _release, "hold list": _list}

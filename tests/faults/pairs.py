"""Two operators at once, each in a process of their own: over one plan, over one request, and over one person."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial

from dsr_desk.flow.desk import Desk
from tests.faults import child
from tests.faults.case import Case, Fault
from tests.faults.oracle import Oracle
from tests.faults.place import ERASURE, Place
from tests.flow.world import World

PAIRS = 500
#: What may come of it for one of the two: done, not all is well, refused, somebody else holds what is needed.
ALLOWED = (0, 1, 3, 4)

Act = Callable[[Desk, str], object]


def cases(place: Place, seed: int, sample: int = 0) -> Iterator[Case]:
    """The kinds of pairs in turn, each with a small head start for one of the two."""
    draw = random.Random(seed)
    acts = list(_PAIRS.items())
    for number in range(sample or PAIRS):
        name, act = acts[number % len(acts)]
        late = draw.uniform(0, 0.08) * draw.choice((0, 1))
        yield Case("two at once", f"{name}, the second {late * 1000:.1f} ms later, number {number}", partial(act, late=late))


def _apply(place: Place, late: float) -> Fault:
    """Both apply the same approved plan: it is carried out once."""
    with place.copy() as here:
        oracle = Oracle(place, here)
        ends = _both(here, oracle.ref, _applies, _applies, late)
        oracle.ended(max(ends), *ALLOWED)
        oracle.at_the_fault()
        oracle.finished()
    return Fault(1, 1, oracle.wrong if 0 in ends else [*oracle.wrong, f"neither carried it out: {ends}"])


def _apply_and_plan(place: Place, late: float) -> Fault:
    """One applies while the other plans anew: what was written is what was approved, or nothing was."""
    with place.copy() as here:
        oracle = Oracle(place, here)
        ends = _both(here, oracle.ref, _applies, _plans, late)
        oracle.ended(max(ends), *ALLOWED)
        oracle.at_the_fault()
        if _approved(here, oracle.ref):
            oracle.finished()
        elif ends[0] == 0:
            oracle.wrong += [] if _erased(place, here) else ["it ended well and did not do what was approved"]
        else:
            oracle.untouched()
    return Fault(1, 1, oracle.wrong)


def _approve_and_plan(place: Place, late: float) -> Fault:
    """One approves the plan while the other makes a new one: what can be applied then is what was approved."""
    with place.copy() as here:
        oracle = Oracle(place, here)
        desk = here.desk()
        with desk.workspace:
            digest = desk.make_plan(oracle.ref).digest
        ends = _both(here, oracle.ref, lambda desk, ref: desk.approve(ref, digest), _plans, late)
        oracle.ended(max(ends), *ALLOWED)
        if _approved(here, oracle.ref):
            desk = here.desk()
            with desk.workspace:
                plan = desk.plan(oracle.ref)
            if plan is None or plan.digest != digest:
                oracle.wrong.append("a plan that nobody approved counts as approved")
        oracle.untouched()
    return Fault(1, 1, oracle.wrong)


def _one_person(place: Place, late: float) -> Fault:
    """Two approved erasures of one person: each row is erased by one of them, and the other finds that it changed."""
    with place.copy() as here:
        oracle = Oracle(place, here)
        desk = here.desk()
        with desk.workspace:
            other = desk.open_request(ERASURE, [("email", "ann@x.org")], date.today()).ref
            desk.approve(other, desk.make_plan(other).digest)
        first = child.start(lambda: child.apply(here, oracle.ref))
        second = child.start(lambda: child.apply(here, other, partial(_wait, late)))
        ends = child.ended(first), child.ended(second)
        oracle.ended(max(ends), *ALLOWED)
        desk = here.desk()
        with desk.workspace:
            done = Counter(e.body["system"] for e in desk.entries() if e.type == "step.done")
            if not desk.verify_trail(lambda *_: None).ok:
                oracle.wrong.append("the trail does not verify")
        now = place.systems(here)
        for system, before in place.before.items():
            if done[system] > 1:
                oracle.wrong.append(f"{system} was called done by both")
            if bool(done[system]) != (now[system] != before):
                oracle.wrong.append(f"{system} called done {done[system]} times, and it is not so")
    return Fault(1, 1, oracle.wrong)


_PAIRS = {
    "apply and apply": _apply,
    "apply and plan": _apply_and_plan,
    "approve and plan": _approve_and_plan,
    "two requests of one person": _one_person,
}


def _both(here: World, ref: str, one: Act, two: Act, late: float) -> tuple[int, int]:
    """Begin both when both have opened the workspace; how each ended."""
    reading, writing = os.pipe()

    def act(what: Act, delay: float) -> int:
        os.close(writing)
        desk = here.desk()
        with desk.workspace:
            os.read(reading, 1)  # until nobody holds the other end
            _wait(delay)
            done = what(desk, ref)
        return int(getattr(done, "exit_code", 0))

    pids = child.start(partial(act, one, 0.0)), child.start(partial(act, two, late))
    os.close(writing)
    os.close(reading)
    return child.ended(pids[0]), child.ended(pids[1])


def _wait(seconds: float) -> None:
    time.sleep(seconds)  # a head start, not something that is waited for: whatever it is, the outcome must be right


def _applies(desk: Desk, ref: str) -> object:
    return desk.apply(ref)


def _plans(desk: Desk, ref: str) -> object:
    return desk.make_plan(ref)


def _approved(here: World, ref: str) -> bool:
    desk = here.desk()
    with desk.workspace:
        return bool(desk.approvals(ref))


def _erased(place: Place, here: World) -> bool:
    return bool(place.systems(here) == place.after[ERASURE])

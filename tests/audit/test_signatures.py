"""Signatures checked by ranges, in any order and elsewhere, lead to the same verdict and the same first fault as one by one."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsr_desk.audit import checkpoint, record, signatures, verify
from dsr_desk.audit.faults import ChangedEntryError
from dsr_desk.audit.verify import Verdict
from dsr_desk.errors import CancelledError
from dsr_desk.model.cancel import Cancel
from tests.audit.trails import ADA, CASE, CY, ROOT, Builder, forced, opened, whole

SMALL = 7


@pytest.fixture(autouse=True)
def _small_ranges() -> Iterator[None]:
    """Many ranges in a short trail."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(signatures, "RANGE", SMALL)
        patch.setattr(signatures, "DEPTH", 3)
        patch.setattr(verify, "MANY", 0)
        yield


@pytest.fixture(scope="module")
def threads() -> Iterator[Executor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


class Backwards(Executor):
    """Answers when somebody waits, the newest range first."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Future[Any], Callable[[], Any]]] = []
        self.most = 0

    def submit(self, function: Callable[..., Any], /, *args: Any, **more: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.waiting.append((future, lambda: function(*args, **more)))
        self.most = max(self.most, len(self.waiting))
        if len(self.waiting) == signatures.DEPTH:
            self.answer()
        return future

    def answer(self) -> None:
        for future, job in reversed(self.waiting):
            future.set_result(job())
        self.waiting.clear()


def plain(verdict: Verdict) -> object:
    fault = verdict.fault
    said = (type(fault.error), fault.seq, fault.error.message, fault.error.holds) if fault else None
    return said, replace(verdict, seconds=0.0, fault=None)


def resigned(raw: bytes, trail: Builder) -> bytes:
    """The entry with a signature that is well formed and isn't its own."""
    mine, other = (record.encode_bytes(record.read(r).signature) for r in (raw, trail.raws[0]))
    return raw.replace(mine.encode(), other.encode())


BASE = whole()
NOTES = [checkpoint.sign(BASE.heads[n], ADA) for n in (8, 20, len(BASE.raws))]


@st.composite
def broken_trails(draw: st.DrawFn) -> list[bytes]:
    raws = list(BASE.raws)
    for _ in range(draw(st.integers(0, 3))):
        n = draw(st.integers(0, max(len(raws) - 1, 0)))
        kind = draw(st.sampled_from(["bit", "signature", "drop", "double", "swap", "cut", "anew", "foreign", "late", "intent"]))
        if not raws:
            break
        if kind == "bit":
            at = draw(st.integers(0, len(raws[n]) - 1))
            raws[n] = raws[n][:at] + bytes([raws[n][at] ^ (1 << draw(st.integers(0, 7)))]) + raws[n][at + 1 :]
        elif kind == "signature" and n and raws[n] == BASE.raws[min(n, len(BASE.raws) - 1)]:
            raws[n] = resigned(raws[n], BASE)
        elif kind == "drop":
            raws.pop(n)
        elif kind == "double":
            raws.insert(n, raws[n])
        elif kind == "swap":
            m = draw(st.integers(0, len(raws) - 1))
            raws[n], raws[m] = raws[m], raws[n]
        elif kind == "cut":
            del raws[max(n, 1) :]
        elif kind == "anew":
            raws[n] = forced(BASE.cut(min(n, len(BASE.raws))), "case.close", {"case": CASE}, draw(st.sampled_from([ADA, CY, ROOT])))
        elif kind == "foreign":
            raws[n] = opened("dsr-desk/another").raws[-1]
        else:
            body = {"case": CASE, "digest": "cd" * 32, "system": "shop", "n": 1 if kind == "late" else None}
            raws[n] = forced(BASE.cut(min(n, len(BASE.raws))), "step.intent", body)
    return raws


@settings(max_examples=200)
@given(broken_trails(), st.booleans(), st.booleans())
def test_the_verdict_is_the_same_as_one_by_one(threads: Executor, raws: list[bytes], ends: bool, kept: bool) -> None:
    wanted = {"head": BASE.head if ends else None, "checkpoints": NOTES if kept else ()}
    one: Verdict = verify.verify(raws, total=len(raws), **wanted)  # type: ignore[arg-type]
    many: Verdict = verify.verify(raws, total=len(raws), pool=threads, **wanted)  # type: ignore[arg-type]
    assert plain(many) == plain(one)


def bad(*places: int) -> list[bytes]:
    """A long trail with these signatures exchanged."""
    raws = list(LONG.raws)
    for place in places:
        raws[place - 1] = resigned(raws[place - 1], LONG)
    return raws


LONG = opened()
while len(LONG.raws) < 100:
    LONG.add("case.view", {"case": CASE})


@pytest.mark.parametrize("places", [(3,), (7,), (8,), (50, 51), (50, 9), (20, 22), (99, 100), (100,)])
def test_the_first_wrong_signature_is_the_fault(threads: Executor, places: tuple[int, ...]) -> None:
    verdict = verify.verify(bad(*places), total=100, pool=threads)
    assert verdict.fault is not None
    assert (type(verdict.fault.error), verdict.fault.seq, verdict.entries) == (ChangedEntryError, min(places), min(places) - 1)


def test_a_wrong_signature_comes_before_whatever_is_wrong_behind_it(threads: Executor) -> None:
    raws = bad(40)
    del raws[42]
    verdict = verify.verify(raws, total=100, pool=threads)
    assert verdict.fault is not None
    assert (type(verdict.fault.error), verdict.fault.seq) == (ChangedEntryError, 40)


def test_ranges_that_are_answered_backwards(threads: Executor) -> None:
    pool = Backwards()
    state = signatures.ByRange(pool, pool.answer)
    claims = [_claim(raw) for raw in bad(50, 30)]
    found = [state.add(n, claim) for n, claim in enumerate(claims, 1)]
    assert {n for n in found if n} == {30}
    assert state.settle() == 30
    assert state.settled == 28


def test_no_more_ranges_wait_than_memory_is_for() -> None:
    pool = Backwards()
    state = signatures.ByRange(pool, pool.answer)
    for n in range(1, 3001):
        assert state.add(n, _claim(LONG.raws[(n - 1) % 100])) == 0
    assert pool.most <= signatures.DEPTH
    assert state.settle() == 0
    assert state.settled == 3000


def _claim(raw: bytes) -> signatures.Claim:
    read = record.read(raw)
    return (ROOT if read.entry.actor == ROOT.key_id else ADA).public, read.signature, read.signed


class Broken(Executor):
    """A pool whose processes were killed: at once, or when somebody asks."""

    def __init__(self, at_once: bool) -> None:
        self.at_once = at_once

    def submit(self, function: Callable[..., Any], /, *args: Any, **more: Any) -> Future[Any]:
        if self.at_once:
            raise BrokenProcessPool("killed")
        future: Future[Any] = Future()
        future.set_exception(BrokenProcessPool("killed"))
        return future


@pytest.mark.parametrize("at_once", [True, False])
def test_what_a_broken_pool_owes_is_checked_here(at_once: bool) -> None:
    assert verify.verify(LONG.raws, total=100, pool=Broken(at_once)).ok
    verdict = verify.verify(bad(77), total=100, pool=Broken(at_once))
    assert verdict.fault is not None
    assert (type(verdict.fault.error), verdict.fault.seq) == (ChangedEntryError, 77)


class Stuck(Executor):
    """Never answers; somebody stops once it was asked."""

    def __init__(self, cancel: Cancel) -> None:
        self.cancel = cancel
        self.futures: list[Future[Any]] = []

    def submit(self, function: Callable[..., Any], /, *args: Any, **more: Any) -> Future[Any]:
        self.futures.append(Future())
        if len(self.futures) == signatures.DEPTH:
            threading.Thread(target=self.cancel.cancel).start()
        return self.futures[-1]


def test_who_waits_for_a_range_can_still_stop() -> None:
    cancel = Cancel()
    pool = Stuck(cancel)
    with pytest.raises(CancelledError):
        verify.verify(LONG.raws, total=100, pool=pool, cancel=cancel)
    assert all(f.cancelled() for f in pool.futures[1:])


def test_a_short_trail_asks_no_other_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "MANY", 101)
    pool = Backwards()
    assert verify.verify(LONG.raws, total=100, pool=pool).ok
    assert pool.most == 0


def test_progress_counts_what_is_settled(threads: Executor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "STRIDE", 20)
    heard: list[tuple[int, int]] = []
    assert verify.verify(LONG.raws, head=LONG.head, pool=threads, progress=lambda done, of: heard.append((done, of))).ok
    assert len(heard) == 6
    assert heard == sorted(heard)
    assert heard[-1] == (100, 100)
    assert all(done <= 20 * n for n, (done, _) in enumerate(heard, 1))


def test_real_processes() -> None:
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        assert plain(verify.verify(BASE.raws, head=BASE.head, pool=pool)) == plain(verify.verify(BASE.raws, head=BASE.head))
        assert plain(verify.verify(bad(60), total=100, pool=pool)) == plain(verify.verify(bad(60)))

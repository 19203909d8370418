"""A run that was killed, and somebody who then does something else: what was written is neither forgotten nor planned over."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest

from dsr_desk.errors import RefusedError
from dsr_desk.flow.applying import record
from dsr_desk.flow.desk import Desk
from dsr_desk.model.finding import RowRef
from dsr_desk.store.workspace import Workspace
from tests.flow.company import company
from tests.flow.test_crash import in_a_child
from tests.flow.world import Table, World, approved, ident, table


def killed(world: World, ref: str, state: str, nth: int = 1) -> None:
    """Apply in a process that is killed right after the n-th line of this state is durable."""
    left = [nth]
    real = record.step

    def step(workspace: Workspace, request: Any, plan: Any, system: str, line: str, *more: Any, **named: Any) -> Any:
        entry = real(workspace, request, plan, system, line, *more, **named)
        left[0] -= line == state
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        return entry

    def act() -> int:
        record.step = step
        desk = world.desk()
        with desk.workspace:
            return desk.apply(ref).exit_code

    assert in_a_child(act) == -signal.SIGKILL


@contextmanager
def half(world: World, state: str = "done", nth: int = 1, make: Callable[[World], World] = company) -> Iterator[tuple[Desk, str]]:
    """A desk over an erasure whose run was killed there."""
    make(world)
    desk = world.desk()
    with desk.workspace:
        ref = approved(desk, "email=ann@x.org")
    killed(world, ref, state, nth)
    desk = world.desk()
    with desk.workspace:
        yield desk, ref


def whole(desk: Desk, ref: str) -> None:
    """The run that was killed comes to its end, and its proof balances over everything that it found."""
    assert desk.apply(ref).status == "applied"
    proof = desk.verify(ref)
    assert proof.status == "verified"
    assert (proof.total("erased"), proof.total("retained"), proof.total("leftover")) == (6, 1, 0)
    assert desk.verify_trail(lambda *_: None).ok


def review(desk: Desk, ref: str) -> None:
    desk.review(ref, [RowRef("shop", "wishes", ("30",))], False, "He wants to keep it")


ACTS: dict[str, Callable[[Desk, str], object]] = {
    "review": review,
    "add_identifier": lambda desk, ref: desk.add_identifier(ref, "email", "lee@x.org"),
    "choose_subjects": lambda desk, ref: desk.choose_subjects(ref, [RowRef("shop", "customers", ("1",))], "It is her, by her card"),
    "waive": lambda desk, ref: desk.waive(ref, "news", "It is away for repair"),
    "search": lambda desk, ref: desk.search(ref),
}


@pytest.mark.parametrize("act", ACTS)
def test_a_plan_that_was_begun_does_not_fall(world: World, act: str) -> None:
    with half(world) as (desk, ref):
        plan = desk.plan(ref)
        ACTS[act](desk, ref)
        assert (desk.plan(ref), desk.request(ref).stage) == (plan, "apply")
        whole(desk, ref)


@pytest.mark.parametrize("state", ["intent", "committing"])
def test_what_may_have_been_committed_counts_as_begun(world: World, state: str) -> None:
    """An intent alone wrote nothing: the plan may fall."""
    with half(world, state) as (desk, ref):
        review(desk, ref)
        assert (desk.plan(ref) is None) == (state == "intent")
        if state == "committing":
            with pytest.raises(RefusedError, match="interrupted"):
                desk.make_plan(ref)
            whole(desk, ref)


def test_after_the_last_done_everything_stands(world: World) -> None:
    with half(world, "done", 3) as (desk, ref):
        review(desk, ref)
        whole(desk, ref)


def two(world: World) -> World:
    """What leads to the second system stands in the first alone, which is erased first."""
    who = table("id email other", (1, "ann@x.org", "lee@x.org"), subject=True, email=ident("email"), other=ident("email"))
    world.sql("first", people=who)
    world.sql("second", letters=table("id mail", (5, "lee@x.org"), (6, "eve@x.org"), mail=ident("email")))
    return world


def steps(desk: Desk, ref: str) -> set[str]:
    return {s.ref.path for s in desk.make_plan(ref).steps if s.changes}


def test_a_new_plan_knows_what_only_an_erased_row_led_to_and_so_does_the_next(world: World) -> None:
    with half(world, make=two) as (desk, ref):
        assert world.ask("first", "SELECT * FROM people") == []
        assert steps(desk, ref) == {"second/letters/5"}
        desk.add_identifier(ref, "email", "eve@x.org")
        assert desk.plan(ref) is None
        assert {f.ref.path for f in desk.search(ref).findings} == {"second/letters/5", "second/letters/6"}
        assert steps(desk, ref) == {"second/letters/5", "second/letters/6"}


def test_what_half_a_run_wrote_is_not_closed_as_refused(world: World) -> None:
    with half(world) as (desk, ref):
        desk.decide(ref, "refused", "It turns out that she has no right to it", date.today())
        with pytest.raises(RefusedError, match="not been applied to the end"):
            desk.close_request(ref)
        with pytest.raises(RefusedError, match="is open"):
            desk.shred(ref)
        whole(desk, ref)
        with pytest.raises(RefusedError, match="refused"):
            desk.close_request(ref)
        desk.decide(ref, "granted", "", date.today())
        assert desk.close_request(ref).stage == "closed"


def test_half_a_restriction_is_finished_before_it_is_lifted(world: World) -> None:
    with half_restricted(world) as (desk, ref):
        with pytest.raises(RefusedError, match="has not been applied to the end") as told:
            desk.lift(ref)
        assert told.value.command == f"dsr-desk apply {ref}"
        assert desk.apply(ref).status == "applied"
        assert desk.lift(ref).facts.ends == ref


@contextmanager
def half_restricted(world: World) -> Iterator[tuple[Desk, str]]:
    """A desk over a restriction whose run was killed after the first of two systems."""
    marked: dict[str, Any] = {"key": ["id"], "on_restrict": {"set": {"held": 1}}}
    world.sql("first", people=table("id email held", (1, "ann@x.org", 0), subject=True, email=ident("email"), **marked))
    world.sql("second", letters=table("id mail held", (5, "ann@x.org", 0), mail=ident("email"), **marked))
    desk = world.desk()
    with desk.workspace:
        ref = approved(desk, "email=ann@x.org", right="restriction")
    killed(world, ref, "done")
    desk = world.desk()
    with desk.workspace:
        yield desk, ref


def test_what_half_a_restriction_wrote_stays_restricted(world: World) -> None:
    with half_restricted(world) as (desk, ref):
        desk.add_identifier(ref, "email", "lee@x.org")
        assert {row.path for row in desk.restricted()} == {"first/people/1"}
        assert desk.apply(ref).status == "applied"
        assert {row.path for row in desk.restricted()} == {"first/people/1", "second/letters/5"}


def test_a_decision_ends_an_approval_even_after_another_look(world: World) -> None:
    """A search between puts the request back to its review, and leaves the plan: the next decision takes it away."""
    company(world)
    desk = world.desk()
    with desk.workspace:
        ref = approved(desk, "email=ann@x.org")
        desk.search(ref)
        review(desk, ref)
        with pytest.raises(RefusedError, match="has no plan"):
            desk.apply(ref)
        assert desk.request(ref).stage == "review"


def test_a_system_that_wrote_some_of_its_records_is_not_called_refused(world: World) -> None:
    """Without transactions a fault half way leaves what was written: the run says so, and its second try finishes it."""
    letters = world.folder / "post" / "ann@x.org"
    letters.mkdir(parents=True)
    for name in ("a.txt", "b.txt", "c.txt"):
        (letters / name).write_text("Dear Ann")
    said = {"key": ["path"], "on_erase": "delete", "options": {"pattern": "{who}/{name}"}}
    world.say(
        "post", "folder", {"path": "post"}, {"letters": Table([], [], {**said, "fields": {"path": {}, "who": ident("email")}})}
    )
    desk = world.desk()
    with desk.workspace:
        ref = approved(desk, "email=ann@x.org")
        (world.folder / "other.txt").hardlink_to(letters / "b.txt")
        failed = desk.apply(ref)
        left = sorted(path.name for path in letters.iterdir())
        assert (failed.status, [s.status for s in failed.systems], left) == ("partial", ["failed"], ["b.txt", "c.txt"])
        (world.folder / "other.txt").unlink()
        assert desk.apply(ref).status == "applied"
        assert not [*letters.iterdir()]

"""Whatever is found and decided: the balance holds, what is not hers stays as it was, and what is left is said."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from dsr_desk.errors import RefusedError
from tests.flow.test_search_oracle import MAILS, Rows, worlds, write
from tests.flow.world import World, opened

WHATS = ("erased", "retained", "excluded", "by_hand", "leftover")


def rows_of(world: World) -> set[tuple[Any, ...]]:
    """Every row of every system, with its place."""
    found: set[tuple[Any, ...]] = set()
    for name in ("shop", "crm"):
        with closing(sqlite3.connect(world.folder / f"{name}.db")) as db:
            tables = [t for (t,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
            found |= {(f"{name}/{t}/{row[0]}", *row) for t in tables for row in db.execute(f"SELECT * FROM {t}")}
    lines = (world.folder / "news.csv").read_text().splitlines()[1:]
    return found | {(f"news/news/{line.split(',')[0]}", *line.split(",")) for line in lines}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much])
@given(rows=worlds(), mail=MAILS, choices=st.randoms(use_true_random=False), intruder=st.booleans())
def test_found_before_is_the_sum_and_nothing_else_changes(rows: Rows, mail: str, choices: Any, intruder: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world = write(rows, Path(folder))
        desk = world.desk()
        with desk.workspace:
            ref = opened(desk, f"email={mail}")
            found = desk.search(ref)
            assume(not found.ambiguous)
            open_rows = [f.ref for f in found.findings if not f.clear and not f.access_only]
            for row in open_rows:
                if choices.random() < 0.7:
                    desk.review(ref, [row], choices.random() < 0.5, "Somebody looked at it")
            plan = desk.make_plan(ref)
            if plan.refusals:
                return
            before = rows_of(world)
            desk.approve(ref, plan.digest)
            assert desk.apply(ref).status == "applied"
            detached = {s.ref.path for s in plan.steps if s.action == "change"}  # what others own too is let go
            assert {row[0] for row in before - rows_of(world)} == {s.ref.path for s in plan.steps if s.changes}
            assert {row[0] for row in rows_of(world) - before} == detached
            if intruder:
                with (world.folder / "news.csv").open("a", newline="") as file:
                    file.write(f"9,{mail.upper()}\r\n")
            proof = desk.verify(ref)
            assert proof.total("before") == sum(proof.total(w) for w in WHATS)  # type: ignore[arg-type]
            assert all(s.before == sum(getattr(s, w) for w in WHATS) for s in proof.systems)
            assert proof.total("before") == len(plan.steps) + intruder
            assert {x.ref.path for x in proof.leftovers} == ({"news/news/9"} if intruder else set())
            assert proof.status == ("leftovers" if intruder else "verified")
            assert (
                proof.total("by_hand") == sum(s.action == "manual" for s in plan.steps) == sum(t.records for t in desk.tasks(ref))
            )
            try:
                desk.close_request(ref)
                closed = True
            except RefusedError:
                closed = False
            assert closed == (not intruder and not any(t.open for t in desk.tasks(ref)))

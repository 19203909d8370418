"""One transaction: lock, compare, ask the watches again, write, read again, journal, commit; and what a crash left behind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any, Literal

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from dsr_desk.drivers._sql import sets
from dsr_desk.drivers._sql.batch import Batch, batches
from dsr_desk.drivers._sql.changing import Blocked, Changing
from dsr_desk.drivers._sql.dialect import Dialect, Obstacle, Proof
from dsr_desk.drivers._sql.examine import Examined, examine
from dsr_desk.drivers._sql.live import Table
from dsr_desk.drivers._sql.naming import address, mixed_up
from dsr_desk.drivers._sql.paths import Unplaced, written
from dsr_desk.drivers._sql.session import Session
from dsr_desk.drivers._sql.taking import taken
from dsr_desk.drivers.base import Run
from dsr_desk.errors import DeskError, DriftError, InDoubtError, RefusedError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.finding import RowRef
from dsr_desk.model.plan import Applied, Drift, Reach, Refusal, Step, Work


def check(dialect: Dialect, work: Work, cancel: Cancel) -> list[Drift]:
    """The rows that are no longer what the plan saw."""
    with dialect.connected(write=False, cancel=cancel) as conn:
        session = Session(dialect, conn, cancel)
        return [] if sets.unchanged(session, work) else examine(session, work, lock=False).drifts()


def reach(dialect: Dialect, work: Work, cancel: Cancel) -> Mapping[RowRef, tuple[Reach, ...]]:
    """What the database takes along with the rows that go, where the catalog agrees to that."""
    with dialect.connected(write=False, cancel=cancel) as conn:
        return taken(Session(dialect, conn, cancel), list(work.changing()), lock=False).reach


def apply(dialect: Dialect, work: Work, run: Run) -> Applied:
    """Carry the work out, all or nothing."""
    if unwritten := _reads_only(dialect, work):
        raise _refused(unwritten[0])
    with dialect.connected(write=True) as conn:
        dialect.begin(conn)
        session = Session(dialect, conn, Cancel())
        work, unplaced = _into_documents(session, work)
        if unplaced:
            raise _refused(unplaced[0])
        if closed := list(_closed(session, work)):
            raise _refused(closed[0])
        before = _earlier(dialect, conn, run)
        if before == "committed":
            conn.rollback()
            return _done(session, work, "in-doubt-resolved")
        if before == "not committed" and _in_sets(session, work):
            evidence = dialect.evidence(conn)
            run.about_to_commit(evidence)
            cut = _commit(dialect, conn, evidence)
            return _done(session, work, "in-doubt-resolved" if cut else "done")
        seen = examine(session, work, lock=True)
        if before in ("one", "unknown") and not seen.untouched:
            conn.rollback()
            return _after_a_crash(session, work, seen, before)
        if drifts := seen.drifts():
            raise _drifted(work, drifts)
        if seen.taking.inside:
            raise _refused(seen.taking.inside[0])
        if not seen.writing:
            return Applied(0, 0)
        evidence = _write(session, work, seen)
        run.about_to_commit(evidence)
        cut = _commit(dialect, conn, evidence)
        return _done(session, work, "in-doubt-resolved" if cut else "done")


def rehearse(dialect: Dialect, work: Work, cancel: Cancel) -> list[Refusal]:
    """Carry the work out batch by batch, collect what refuses, and roll everything back.

    Not on a database that was never tried: whether it really takes everything back is not known (MyISAM tables don't).
    """
    if not dialect.rehearses:
        return _reads_only(dialect, work)
    refusals: list[Refusal] = []
    with dialect.connected(write=True, cancel=cancel) as conn:
        dialect.begin(conn)
        session = Session(dialect, conn, cancel)
        if closed := list(_closed(session, work)):  # trying would write for good
            return closed
        work, unplaced = _into_documents(session, work)
        refusals += unplaced
        refusals += _barred(session, work)
        barred = {r.collection for r in refusals}
        steps_left = tuple(s for s in work.steps if s.ref.collection not in barred)
        rest = replace(work, steps=steps_left, watches=tuple(w for w in work.watches if w.lookup.collection not in barred))
        seen = examine(session, rest, lock=True)
        refusals += mixed_up(session.system, rest.steps, seen.twins)
        refusals += seen.taking.inside
        refusals += _taking_more(session, seen, rest)
        steps = [s for s in rest.changing() if s.ref in seen.rows]
        changing = Changing(session, steps, seen.rows)
        for batch in batches(session, steps):
            refusals += _try(session, changing, batch)
        try:
            dialect.settle(conn)
        except DBAPIError as error:
            refusals.append(_refusal(session, error))
        conn.rollback()
    return list(dict.fromkeys(refusals))


def _earlier(dialect: Dialect, conn: Connection, run: Run) -> Proof:
    """What became of an interrupted run. Without evidence it never came to its commit."""
    return "not committed" if run.evidence is None else dialect.proof(conn, run.evidence)


def _in_sets(session: Session, work: Work) -> bool:
    """Whether all of it could be carried out in sets, exactly; where not, nothing of it is left."""
    if not sets.wanted(session.dialect, work):
        return False
    try:
        if sets.carried_out(session, work):
            session.dialect.settle(session.conn)
            return True
    except Blocked:
        pass  # a set doesn't say which row or column was in the way: row by row it is found again, and named to a person
    except DBAPIError as error:
        if not isinstance(session.dialect.explain(error, writing=True), Obstacle):
            raise
    session.conn.rollback()
    session.dialect.begin(session.conn)
    return False


def _after_a_crash(session: Session, work: Work, seen: Examined, before: Proof) -> Applied:
    """The rows have to tell, because the database could not."""
    if seen.finished:
        return _done(session, work, "in-doubt-resolved" if before == "one" else "already")
    if before == "one":  # a single commit since, and it did not do what ours would have done: it was somebody else's
        raise _drifted(work, seen.drifts())
    raise InDoubtError(
        f"System {work.system} can't tell whether the interrupted change was made, and its rows were changed since.",
        "Look at the rows in the system itself, then make a new plan.",
    )


def _write(session: Session, work: Work, seen: Examined) -> Mapping[str, Any]:
    steps = list(work.changing())
    changing = Changing(session, steps, seen.rows)
    todo = list(batches(session, steps))
    try:
        for batch in todo:
            changing.run(batch)
        for batch in todo:
            changing.read_again(batch)
    except Blocked as blocked:
        raise _refused(blocked.refusals[0]) from None
    session.dialect.settle(session.conn)
    return session.dialect.evidence(session.conn)


def _commit(dialect: Dialect, conn: Connection, evidence: Mapping[str, Any]) -> bool:
    """Commit; whether the answer was cut off and had to be asked for."""
    try:
        conn.commit()
    except DBAPIError as error:
        _give_up(conn)
        proof = _ask(dialect, evidence)
        if proof == "not committed":
            raise dialect.error(error, writing=True) from None
        if proof != "committed":
            raise InDoubtError(
                f"The connection to system {dialect.system.name} broke while the change was being committed.",
                "Apply again when the system can be reached: it will find out whether the change was made.",
            ) from None
        return True
    return False


def _give_up(conn: Connection) -> None:
    """Roll back after a commit that failed. SQLAlchemy thinks that transaction over; SQLite keeps it, and its locks."""
    with suppress(SQLAlchemyError, conn.dialect.loaded_dbapi.Error):
        conn.connection.rollback()


def _ask(dialect: Dialect, evidence: Mapping[str, Any]) -> Proof:
    try:
        with dialect.connected(write=True) as again:
            dialect.begin(again)
            return dialect.proof(again, evidence)
    except DeskError:
        return "unknown"


def _done(session: Session, work: Work, how: Literal["done", "already", "in-doubt-resolved"]) -> Applied:
    counted: dict[tuple[str, bool], int] = defaultdict(int)
    for step in work.changing():
        counted[step.ref.collection, step.action == "delete"] += 1
    touched: dict[str, Table] = {name: session.live[name] for name, _ in counted}
    notes: tuple[str, ...] = ()
    with suppress(SQLAlchemyError):  # it is committed: nothing that fails from here on may say otherwise
        notes = session.dialect.after_commit(session.conn, list(touched.values()), work.compact)
    deleted = sum(count for (_, gone), count in counted.items() if gone)
    return Applied(deleted, sum(counted.values()) - deleted, how, notes)


def _refused(refusal: Refusal) -> RefusedError:
    field = f", column {refusal.field}" if refusal.field else ""
    where = f"System {refusal.system}, {refusal.collection}{field}"
    return RefusedError(f"{where}: {refusal.why}. Nothing was written there.", refusal.cure)


def _drifted(work: Work, drifts: list[Drift]) -> DriftError:
    rows = tuple(dict.fromkeys(d.ref.path for d in drifts))
    records = f"{len(rows)} record{'s' if len(rows) != 1 else ''}"
    return DriftError(
        f"{records} in system {work.system} changed since the plan was made. Nothing was written there.",
        "Search again and make a new plan.",
        rows,
    )


# -- rehearsal -----------------------------------------------------------------------------------------------------------


def _try(session: Session, changing: Changing, batch: Batch) -> list[Refusal]:
    """What refuses the batch; it stays done inside the transaction where nothing does."""
    blocked = _attempt(session, changing, batch)
    if blocked is None or batch.leaves:
        return list(blocked.refusals) if blocked else []
    named: list[Refusal] = []
    for column in batch.columns:  # a database names one column at most: each is tried alone
        alone = _attempt(session, changing, batch.only(column), keep=False)
        for refusal in alone.refusals if alone else ():
            others = {*refusal.field.split(", ")} & {*batch.columns} - {column}
            if not others:  # else the rule is about several columns, and only together do they say whether it holds
                named.append(replace(refusal, field=column))
    known = {r.why for r in named}
    return [*named, *(r for r in blocked.refusals if r.why not in known)]


def _taking_more(session: Session, seen: Examined, work: Work) -> Iterator[Refusal]:
    """Where cascades would take other rows than the plan says."""
    for name in dict.fromkeys(s.ref.collection for s in seen.taking.differing(work.changing())):
        why = "the rows of other tables that would be taken along are not those that the plan says"
        yield Refusal(work.system, name, "", why, "Make the plan again")


def _attempt(session: Session, changing: Changing, batch: Batch, keep: bool = True) -> Blocked | None:
    savepoint = session.conn.begin_nested()
    try:
        changing.run(batch)
        changing.read_again(batch)
    except Blocked as blocked:
        savepoint.rollback()
        return blocked
    if keep:
        savepoint.commit()
    else:
        savepoint.rollback()
    return None


def _reads_only(dialect: Dialect, work: Work) -> list[Refusal]:
    if dialect.reads_only is None:
        return []
    return [
        Refusal(work.system, name, "", *dialect.reads_only) for name in dict.fromkeys(s.ref.collection for s in work.changing())
    ]


def _into_documents(session: Session, work: Work) -> tuple[Work, list[Refusal]]:
    """The work with what is written to paths as what is written to their columns, and the rows in which that can't be done."""
    steps = []
    unplaced: dict[Refusal, None] = {}
    for step in work.steps:
        table = session.live.get(step.ref.collection)
        if table is not None and table.paths and not table.paths.keys().isdisjoint(step.writes):
            try:
                steps.append(replace(step, writes=written(table, step.before, step.writes)))
            except Unplaced as missing:
                why = "the document in that column has no place for the value, or names a member twice"
                cure = "Look at the record in the system itself, or choose null under erase:"
                unplaced[Refusal(work.system, step.ref.collection, missing.field, why, cure)] = None
        else:
            steps.append(step)
    return replace(work, steps=tuple(steps)), list(unplaced)


def _closed(session: Session, work: Work) -> Iterator[Refusal]:
    """The collections whose changes could not be taken back together with all others, or would leave what they erase."""
    lasting = session.relations.lasting
    if not lasting:
        return
    for name in dict.fromkeys(n for s in work.changing() for n in (s.ref.collection, s.to) if n in session.live):
        table = session.live[name].name
        if table in lasting:
            yield Refusal(work.system, name, "", *lasting[table])
            continue
        for trigger in session.relations.triggers.get(table, ()):
            written = next((t for t in trigger.tables if t in lasting), "")
            if written or trigger.elsewhere == "may":
                where = f"table {written}" if written else "a table that may be such a one"
                why = f"its trigger {trigger.name} writes to {where}, and not every table of the database takes changes back"
                yield Refusal(work.system, name, "", why, "Ask the owner of the system what its trigger writes.")


def _barred(session: Session, work: Work) -> Iterator[Refusal]:
    """The collections whose rows this user may not even read or lock."""
    first: dict[str, Step] = {}
    for step in work.steps:
        if step.ref.collection not in first or (step.changes and not first[step.ref.collection].changes):
            first[step.ref.collection] = step
    for name, step in first.items():
        savepoint = session.conn.begin_nested()
        try:
            list(session.by_key({step.ref: address(session.system.collections[name], step)}, lock=step.changes))
        except DBAPIError as error:
            savepoint.rollback()
            yield replace(_refusal(session, error), collection=name)
        else:
            savepoint.commit()


def _refusal(session: Session, error: DBAPIError) -> Refusal:
    meaning = session.dialect.explain(error, writing=True)
    if isinstance(meaning, DeskError):
        raise error
    name = next((name for name, table in session.live.items() if meaning.table and table.bare == meaning.table), "")
    columns = session.relations.rules.get((session.live[name].name, meaning.rule), ()) if name else ()
    return Refusal(session.system.name, name, meaning.column or ", ".join(columns), meaning.why, meaning.cure)

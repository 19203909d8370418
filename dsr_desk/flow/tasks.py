"""What only a person can do: manual systems, rows left to a person, and columns the catalog doesn't know."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from dsr_desk.errors import UsageError
from dsr_desk.flow import record
from dsr_desk.model.catalog import Catalog
from dsr_desk.model.plan import Plan, Step
from dsr_desk.model.request import Request, Task
from dsr_desk.model.result import Verification
from dsr_desk.rights.base import Right
from dsr_desk.store.tx import Tx
from dsr_desk.store.workspace import Workspace

#: The largest file that is attached to an answer, in bytes.
LARGEST_FILE = 50 * 1024 * 1024
_SHORTEST_NOTE = 3


def for_systems(right: Right, catalog: Catalog, by_hand: Iterable[str], ref: str = "") -> list[Task]:
    """A task for every system that only a person can search and change."""
    tasks = []
    for name in by_hand:
        system = catalog.systems[name]
        what = system.instructions or f"Look for this person in {system.label}."
        text = f"{what} Then say what you found and did ({right.name}, {right.article})."
        tasks.append(Task(name, ref, name, f"{system.label}: by hand", text))
    return tasks


def for_rows(plan: Plan, catalog: Catalog) -> list[Task]:
    """A task for every group of rows that the plan leaves to a person, by system, collection and reason."""
    groups: dict[tuple[str, str, str], list[Step]] = {}
    for step in plan.steps:
        for reason in sorted({o.reason for o in step.fields.values() if o.name == "manual"}):
            groups.setdefault((step.ref.system, step.ref.collection, reason), []).append(step)
    tasks: list[Task] = []
    for (system, collection, reason), steps in groups.items():
        label = catalog.collection(system, collection).label
        count = len(steps)
        word = _word(f"{system}-{collection}")
        number = 1 + sum(1 for t in tasks if t.id.rpartition("-")[0] == word)
        tasks.append(
            Task(
                f"{word}-{number}",
                plan.request,
                system,
                f"{label}: {count} record{'s' if count > 1 else ''} to decide",
                f"{reason}. Include or leave out each with a reason, or deal with it by hand and say how.",
                row=collection,
                records=count,
                rows=tuple(s.ref.path for s in steps),
            )
        )
    return tasks


def _word(name: str) -> str:
    """A name as a part of a task's id, which is a lower-case word: tables are called ``Order Items`` and ``Größen``, too."""
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in name.lower())[:100]


def renew(tx: Tx, request: Request, tasks: Iterable[Task]) -> list[Task]:
    """Make the open tasks these; answered ones stay as they were answered, and what they were about is not asked again."""
    answered = [t for t in tx.tasks(request.ref) if not t.open]
    taken = {t.id for t in answered}
    for old in tx.tasks(request.ref):
        if old.open:
            tx.drop_task(request.ref, old.id)
    for task in tasks:
        if any(_about_the_same(task, old) for old in answered):
            continue
        names = itertools.chain([task.id], (f"{task.id}-{n}" for n in itertools.count(2)))
        name = next(n for n in names if n not in taken)
        taken.add(name)
        tx.put_task(replace(task, id=name))
    return tx.tasks(request.ref)


def _about_the_same(new: Task, old: Task) -> bool:
    """Whether the answer to one task answers the other: the same system, or the same question about no further row."""
    if new.system != old.system or new.row != old.row:
        return False
    return not new.row or (new.instructions == old.instructions and set(new.rows) <= set(old.rows))


def answer(workspace: Workspace, request: Request, task_id: str, note: str, records: int, files: Iterable[Path]) -> Task:
    """Record what a person did; the files are sealed with the request. ``UsageError`` for an unknown or answered task."""
    if len(note.strip()) < _SHORTEST_NOTE:
        raise UsageError("The note is empty.", "Say in a few words what you found and what you did.")
    if records < 0:
        raise UsageError("A count of records can't be negative.", "Give how many records you dealt with, 0 for none.")
    attachments = [(path.name, _read(path)) for path in files]
    with workspace.write() as tx:
        task = next((t for t in tx.tasks(request.ref) if t.id == task_id), None)
        if task is None:
            raise UsageError(f"{request.ref} has no task {task_id}.", "List them: dsr-desk task list.")
        if not task.open:
            raise UsageError(f"The task {task_id} is already answered.", "Nothing more is asked of you there.")
        done = replace(
            task,
            answered=datetime.now(UTC).isoformat(timespec="seconds"),
            answered_by=workspace.operator.name,
            note=note.strip(),
            records=task.records if task.row else records,
            files=tuple(name for name, _ in attachments),
        )
        for name, data in attachments:
            tx.attach(request.ref, task_id, name, data)
        tx.put_task(done)
        proof = record.get(tx, request.ref, "verification", Verification)
        if proof is not None and not done.row:
            record.put(tx, request.ref, "verification", _counted(proof, done))
        tx.append("task.answer", {"case": request.case, "task": _code(task_id), "files": len(attachments), "records": done.records})
    return done


def _counted(proof: Verification, done: Task) -> Verification:
    """The proof with the records of an answer that came after it, as a second search would count them."""
    systems = (
        replace(s, before=s.before + done.records, by_hand=s.by_hand + done.records) if s.system == done.system else s
        for s in proof.systems
    )
    return replace(proof, systems=tuple(systems))


def _code(task_id: str) -> str:
    """The task's id as the trail can hold it: letters, digits and hyphens."""
    return "t-" + "".join(c if c.isascii() and c.isalnum() else "-" for c in task_id)[:100]


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise UsageError(f"{path.name} is larger than {LARGEST_FILE // 2**20} MB.", "Attach a smaller file.")
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path.name} can't be read.", "Check that the file is there and that you may read it.") from error

"""What only a person can do: manual systems, rows left to a person, recipients and the person themself to be told."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from dsr_desk.errors import RefusedError, UsageError
from dsr_desk.flow.applying import record
from dsr_desk.model.catalog import Catalog, System
from dsr_desk.model.plan import Plan, Step
from dsr_desk.model.request import Request, Task
from dsr_desk.model.result import Verification
from dsr_desk.rights.base import BY_HAND, REVIEW, Right
from dsr_desk.store.tx import Tx
from dsr_desk.store.workspace import Workspace

#: The largest file that is attached to an answer, in bytes.
LARGEST_FILE = 50 * 1024 * 1024
_SHORTEST_NOTE = 3


def of_plan(right: Right, request: Request, plan: Plan, catalog: Catalog) -> list[Task]:
    """Everything that a plan asks of people."""
    return [
        *to_tell(request.facts.ends, request.ref),
        *for_systems(right, catalog, plan.manual_systems, request.ref),
        *for_rows(plan, catalog),
        *notices(right, plan, catalog),
    ]


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
        what = next((o.strategy for s in steps for o in s.fields.values() if o.name == "manual" and o.reason == reason), "")
        title, ask = _ASKED.get((plan.right, what), _DECIDE)
        tasks.append(
            Task(
                f"{word}-{number}",
                plan.request,
                system,
                f"{label}: {count} record{'s' if count > 1 else ''} {title}",
                f"{reason.rstrip('.')}. {ask}",
                row=collection,
                records=count,
                rows=tuple(s.ref.path for s in steps),
                kind="review" if what == REVIEW else "rows",
            )
        )
    return tasks


_DECIDE = ("to decide", "Include or leave out each with a reason, or deal with it by hand and say how.")
#: What is asked about rows that are plainly the person's, by right and strategy of the outcome.
_ASKED = {
    ("restriction", BY_HAND): ("to restrict by hand", "Restrict them in the system by hand, and say how."),
    ("lifting", BY_HAND): ("to lift by hand", "End their restriction in the system by hand, and say how."),
    ("objection", BY_HAND): ("objected to", "Stop the processing by hand and say how, or record the compelling grounds."),
    ("automated-decisions", REVIEW): (
        "to look at again",
        "Hear the person, look at each decision anew, and record the outcome: somebody who may change it does this (Art. 22(3)).",
    ),
}


def to_tell(ends: str, ref: str = "") -> list[Task]:
    """The person is told before a restriction ends (Art. 18(3)): ``ends`` is its reference, or ``""`` where none does."""
    if not ends:
        return []
    title = "Tell the person that the restriction ends"
    text = f"Before {ends} is lifted the person has to be told (Art. 18(3)). Say when and how you did."
    return [Task("tell", ref, "", title, text, kind="tell")]


def notices(right: Right, plan: Plan, catalog: Catalog) -> list[Task]:
    """A task for every recipient of every system in which the plan changes rows (Art. 19)."""
    tasks: list[Task] = []
    for name, system in catalog.systems.items():
        changed = [s for s in plan.steps if s.ref.system == name and s.changes and (right.notice or s.action == "delete")]
        for recipient in dict.fromkeys(system.recipients) if changed else ():
            tasks.append(_notice(recipient, right, system, plan.request, tuple(s.ref.path for s in changed)))
    return tasks


def _notice(recipient: str, right: Right, system: System, ref: str, rows: tuple[str, ...]) -> Task:
    return Task(
        f"notice-{_word(system.name)}-{_word(recipient)}",
        ref,
        system.name,
        f"Tell {recipient}: {_records(rows)} of {system.label}",
        f"Tell {recipient} of the {right.notice or 'erasure'} (Art. 19), unless that can't be done or is out of proportion. "
        "Say when and how, and attach the proof.",
        row=recipient,
        records=len(rows),
        rows=rows,
        kind="notice",
    )


def insist_told(tx: Tx, request: Request) -> None:
    """``RefusedError`` where somebody has to be told before anything is written, and nobody said that they were."""
    task = next((t for t in tx.tasks(request.ref) if t.kind == "tell" and t.open), None)
    if task is not None:
        raise RefusedError(
            "The person has to be told first that the restriction ends (Art. 18(3)).",
            "Tell them, then say so.",
            f'dsr-desk task answer {request.ref} {task.id} --note "…"',
        )


def _word(name: str) -> str:
    """A name as a part of a task's id, which is a lower-case word: tables are called ``Order Items`` and ``Größen``, too."""
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in name.lower())[:100]


def renew(tx: Tx, request: Request, tasks: Iterable[Task]) -> list[Task]:
    """Make the open tasks these; answered ones stay as they were answered, and what they were about is not asked again."""
    answered = [t for t in tx.tasks(request.ref) if not t.open]
    unanswered = [t for t in tx.tasks(request.ref) if t.open]
    taken = {t.id for t in answered}
    for old in unanswered:
        tx.drop_task(request.ref, old.id)
    for task in _not_answered(_with_untold(tx, request, list(tasks), unanswered), answered):
        names = itertools.chain([task.id], (f"{task.id}-{n}" for n in itertools.count(2)))
        name = next(n for n in names if n not in taken)
        taken.add(name)
        tx.put_task(replace(task, id=name))
    return tx.tasks(request.ref)


def _not_answered(tasks: Iterable[Task], answered: Sequence[Task]) -> Iterator[Task]:
    """The tasks that no answer covers; a notice is about the rows of which its recipient was not told yet."""
    for task in tasks:
        if task.kind == "notice":
            told = {path for old in answered if _same_notice(task, old) for path in old.rows}
            untold = tuple(path for path in task.rows if path not in told)
            if untold:
                yield _about(task, untold)
        elif not any(_about_the_same(task, old) for old in answered):
            yield task


def _with_untold(tx: Tx, request: Request, tasks: list[Task], unanswered: Iterable[Task]) -> list[Task]:
    """The tasks, with the rows of which a recipient was not told yet and that an earlier plan has written."""
    written = {row.system for row in tx.journal_rows(request.ref) if row.state in ("committing", "done")}
    for old in unanswered:
        if old.kind != "notice" or old.system not in written:
            continue
        same = next((n for n, t in enumerate(tasks) if _same_notice(t, old)), None)
        if same is None:
            tasks.append(old)
        else:
            tasks[same] = _about(tasks[same], tuple(dict.fromkeys((*old.rows, *tasks[same].rows))))
    return tasks


def _same_notice(new: Task, old: Task) -> bool:
    """Whether both ask to tell one recipient of one system."""
    return new.kind == old.kind == "notice" and (new.system, new.row) == (old.system, old.row)


def _about(notice: Task, rows: tuple[str, ...]) -> Task:
    """The same notice about these rows."""
    title = notice.title.replace(f": {_records(notice.rows)} ", f": {_records(rows)} ")
    return replace(notice, rows=rows, records=len(rows), title=title)


def _records(rows: Sequence[str]) -> str:
    return f"{len(rows)} record{'s' if len(rows) > 1 else ''}"


def _about_the_same(new: Task, old: Task) -> bool:
    """Whether the answer to one task answers the other: the same system, or the same question about no further row."""
    if new.system != old.system or new.row != old.row or old.kind == "notice":
        return False
    return not new.row or (new.instructions == old.instructions and set(new.rows) <= set(old.rows))


def of_system(task: Task) -> bool:
    """Whether the task is a whole system that somebody searched by hand, so that its records count among those found."""
    return task.kind == "system" and not task.row


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
            raise UsageError(f"{request.ref} has no task {task_id}.", "List them.", f"dsr-desk task list {request.ref}")
        if not task.open:
            raise UsageError(f"The task {task_id} is already answered.", "Nothing more is asked of you there.")
        done = replace(
            task,
            answered=datetime.now(UTC).isoformat(timespec="seconds"),
            answered_by=workspace.operator.name,
            note=note.strip(),
            records=records if of_system(task) else task.records,
            files=tuple(name for name, _ in attachments),
        )
        for name, data in attachments:
            tx.attach(request.ref, task_id, name, data)
        tx.put_task(done)
        proof = record.get(tx, request.ref, "verification", Verification)
        if proof is not None and of_system(done):
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

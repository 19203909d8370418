"""What each command does: calls the desk, and gives exit status, JSON document and lines of text."""

from __future__ import annotations

import getpass
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path

from dsr_desk.app import workspaces as app
from dsr_desk.app.passphrase import SAMPLE_PASSPHRASE, passphrase_from_environment
from dsr_desk.app.secrets import new_passphrase
from dsr_desk.cli import (
    audit,
    cases,
    catalogs,
    discovering,
    evidence,
    exchanging,
    holds,
    locks,
    operators,
    report,
    shape,
    shredding,
    words,
)
from dsr_desk.cli.answer import Answer
from dsr_desk.errors import CredentialsError, UsageError
from dsr_desk.flow.desk import Desk
from dsr_desk.model.catalog import Catalog
from dsr_desk.model.finding import RowRef, SearchResult
from dsr_desk.model.package import formats_of
from dsr_desk.store.workspace import Settings


def verb(a: Namespace) -> Answer:
    """Run the command that was typed."""
    if a.verb in _WITHOUT:
        return _WITHOUT[a.verb](a)
    desk = app.open_desk(_folder(a), a.operator, restored=a.verb == "audit restored")
    try:
        code, document, lines = _VERBS[a.verb](desk, a)
        return code, document, list(lines)
    finally:
        desk.workspace.close()


def _folder(a: Namespace) -> Path:
    if a.workspace is not None:
        return Path(a.workspace)
    if (Path.cwd() / "workspace.toml").exists():
        return Path.cwd()
    raise UsageError(
        "No workspace was named.",
        "Name its folder: dsr-desk --workspace DIR …, or set DSR_DESK_WORKSPACE. A new one: dsr-desk init DIR.",
    )


# -- without a workspace ---------------------------------------------------------------------------------------------


def _demo(a: Namespace) -> Answer:
    folder = a.dir or app.free_folder()
    from dsr_desk.flow.sample.tour import Tour, run_tour

    desk, sample = app.make_sample(folder)
    try:
        ref = next(r.ref for r in desk.requests() if r.right == "erasure")
        tour = Tour(desk, ref, folder)
        lines = [f"{sample.controller}, an invented company, in {folder}. Passphrase: {SAMPLE_PASSPHRASE}"]
        if not a.json:
            print(lines[0])
        for line in run_tour(tour):
            lines.append(line)
            if not a.json:
                print(line)
    finally:
        desk.workspace.close()
    where = [f"Export: {tour.export}" if tour.export else "", f"Report: {tour.report}" if tour.report else ""]
    document = {
        "workspace": str(folder),
        "request": ref,
        "ok": tour.ok,
        "lines": lines,
        "export": str(tour.export) if tour.export else None,
        "report": str(tour.report) if tour.report else None,
    }
    return 0 if tour.ok else 1, document, [w for w in where if w]


def _init(a: Namespace) -> Answer:
    name = a.name or getpass.getuser()
    settings = Settings(Path(a.dir).resolve().name, a.controller, a.address, a.country)
    passphrase = passphrase_from_environment()
    try:
        desk = app.make_workspace(a.dir, name, settings, passphrase)
    except CredentialsError:
        if passphrase is not None or not sys.stdin.isatty():
            raise
        desk = app.make_workspace(a.dir, name, settings, new_passphrase("There is no keyring here. Your passphrase: "))
    with desk.workspace:
        code = desk.workspace.recovery
        document = {
            "workspace": str(desk.workspace.folder),
            "operator": desk.workspace.operator.name,
            "key": desk.workspace.operator.key_id,
            "recovery": code,
        }
    next_ = "Next: put a file for each system into catalog/, then: catalog check"
    return 0, document, [f"A new workspace in {a.dir}, for {name}.", *operators.recovery_lines(code), next_]


# -- secrets ---------------------------------------------------------------------------------------------------------


def _secret(desk: Desk, a: Namespace) -> Answer:
    read = desk.catalog_read()
    if read.catalog is None or a.system not in read.catalog.systems:
        raise UsageError("The catalog has no system of that name.", "Name it as catalog check lists it.")
    prompt = f"Password of {a.system}: "
    password = getpass.getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise UsageError("The password is empty.", "Type it, or pipe it in on one line.")
    desk.set_secret(a.system, password)
    return 0, {"system": a.system, "set": True}, [f"The password of {a.system} is kept."]


# -- search, requests ------------------------------------------------------------------------------------------------


def _found(desk: Desk, found: SearchResult) -> Answer:
    catalog = desk.catalog_read().catalog
    assert catalog is not None  # a search ran on it
    restricted = desk.restricted_of(found)
    return found.exit_code, shape.search(found, catalog, restricted), words.search(found, catalog, restricted)


def _search(desk: Desk, a: Namespace) -> Answer:
    found = desk.quick_search(a.identity, a.subjects)
    code, document, lines = _found(desk, found)
    if not desk.catalog_accepted():
        sys.stderr.write("This catalog is not accepted yet: plan and apply will want it.\nAccept it: dsr-desk catalog accept\n")
        document["accepted"] = False
    return code, document, lines


def _list(desk: Desk, a: Namespace) -> Answer:
    if a.due:
        return shredding.due(desk)
    listed = desk.requests(a.closed)
    standing = desk.restrictions()
    document = [
        {
            "request": r.ref,
            "right": r.right,
            "stage": r.stage,
            "received": r.received.isoformat(),
            "due": r.due.on.isoformat(),
            "restricts": r.restricts,
        }
        for r in listed
    ]
    return 0, {"requests": document, "restrictions": [shape.restriction(s) for s in standing]}, words.inbox(listed, standing)


def _show(desk: Desk, a: Namespace) -> Answer:
    of = desk.request(a.ref)
    desk.view(a.ref)
    standing = next((s for s in desk.restrictions() if s.request == a.ref), None)
    document = {
        **shape.request(of),
        "open": desk.why_open(a.ref) if of.stage != "closed" else [],
        "restricts": shape.restriction(standing) if standing else None,
    }
    return 0, document, [*words.request(of), *(f"  open: {reason}" for reason in document["open"])]


def _close(desk: Desk, a: Namespace) -> Answer:
    of = desk.close_request(a.ref)
    return 0, shape.request(of), words.request(of)


def _identify(desk: Desk, a: Namespace) -> Answer:
    of = desk.identify(a.ref, a.how, a.asked)
    return 0, shape.request(of), words.request(of)


def _waive(desk: Desk, a: Namespace) -> Answer:
    of = desk.waive(a.ref, a.system, a.reason)
    return 0, shape.request(of), [f"{a.system} is waived for {a.ref}. The report prints the reason."]


def _decide(desk: Desk, a: Namespace) -> Answer:
    of = desk.decide(a.ref, a.decision, a.reason, a.answered)
    return 0, shape.request(of), words.request(of)


def _find(desk: Desk, a: Namespace) -> Answer:
    _choose(desk, a)
    return _found(desk, desk.search(a.ref))


def _choose(desk: Desk, a: Namespace) -> None:
    if a.subjects:
        desk.choose_subjects(a.ref, [_row(r) for r in a.subjects], "Chosen on the command line")


def _row(path: str) -> RowRef:
    try:
        return RowRef.parse(path)
    except ValueError:
        raise UsageError("A row is written SYSTEM/COLLECTION/KEY.", "Copy it from the search or the plan.") from None


# -- tasks, plan and after -------------------------------------------------------------------------------------------


def _tasks(desk: Desk, a: Namespace) -> Answer:
    if a.ref:
        desk.request(a.ref)
    listed = desk.tasks(a.ref)
    return 0, {"tasks": [shape.task(t) for t in listed], "open": sum(1 for t in listed if t.open)}, words.tasks(listed)


def _answer(desk: Desk, a: Namespace) -> Answer:
    done = desk.answer_task(a.ref, a.task, a.note, a.records, a.files)
    return 0, shape.task(done), [f"{done.id}: answered."]


def _plan(desk: Desk, a: Namespace) -> Answer:
    _choose(desk, a)
    if a.corrections or a.withdrawn:
        desk.correct(a.ref, a.corrections, a.withdrawn)
    if (a.include or a.exclude) and desk.found(a.ref) is None:
        desk.search(a.ref)
    for rows, include in ((a.include, True), (a.exclude, False)):
        if rows:
            desk.review(a.ref, [_row(r) for r in rows], include, a.reason)
    if a.out:
        desk.leave_out(a.ref, a.out, a.reason)
    plan = desk.make_plan(a.ref)
    if not desk.request(a.ref).facts.identity_check:
        sys.stderr.write(f"No identity check is recorded for {a.ref}.\nRecord it: dsr-desk request identify {a.ref} --how TEXT\n")
    phrase = desk.phrase(plan)
    people = desk.people(a.ref)
    document = {**shape.plan(plan, phrase, desk.usable().catalog or Catalog({}, "")), "people": shape.people(people)}
    return 3 if plan.refusals else 0, document, [*map(str, people), *words.plan(plan, phrase)]


def _approve(desk: Desk, a: Namespace) -> Answer:
    done = desk.approve(a.ref, a.digest)
    state = desk.approval_state(a.ref)
    document = {"request": a.ref, "digest": done.digest, "by": done.by, "key": done.key_id, "at": done.at, "entry": done.entry}
    waits = [f"It runs after another approval. Ask {' or '.join(state.others) or 'another approver'}."] if state.missing else []
    return 0, {**document, "missing": state.missing}, [f"Approved by {done.by}, entry {done.entry} of the trail.", *waits]


def _apply(desk: Desk, a: Namespace) -> Answer:
    done = desk.apply(a.ref)
    return done.exit_code, shape.applied(done), words.applied(done)


def _settle(desk: Desk, a: Namespace) -> Answer:
    desk.settle(a.ref, a.system, a.reason)
    return 0, {"request": a.ref, "system": a.system}, [f"{a.system}: looked at. Nothing is claimed; make a new plan."]


def _verify(desk: Desk, a: Namespace) -> Answer:
    proof = desk.verify(a.ref)
    plan = desk.plan(a.ref)
    unseen = any(s.error and s.system not in (plan.waived if plan else ()) for s in proof.systems)
    code = 4 if unseen else 1 if proof.leftovers else 0
    people = desk.people(a.ref)
    return code, {**shape.verification(proof), "people": shape.people(people)}, [*map(str, people), *words.verification(proof)]


def _export(desk: Desk, a: Namespace) -> Answer:
    usual = [f for f in formats_of(desk.request(a.ref).right) if f in ("json", "csv", "html")]
    formats = [f.strip() for f in a.format.split(",") if f.strip()] if a.format else usual
    done = desk.export(a.ref, a.to, formats, encrypt=a.encrypt)
    found = desk.found(a.ref)
    searched = found.complete if found else False
    lines = [str(f) for f in done.files]
    if done.password:
        lines += [f"Password: {done.password}", "It is shown this once and kept nowhere: note it, and send it another way."]
    if not searched:
        lines.append("Not every system could be searched: the export says so.")
    lines += [f"Not complete: {what}. {why}" for what, why in done.waiting]
    code = found.exit_code if found else 0  # what waits for a decision is open as a task is: listed, and closing is refused
    waiting = [{"what": what, "why": why} for what, why in done.waiting]
    password = {"password": done.password} if done.password else {}
    document = {"request": a.ref, "complete": searched and not waiting, "waiting": waiting, "files": [str(f) for f in done.files]}
    return code, {**document, **password}, lines


_WITHOUT: Mapping[str, Callable[[Namespace], Answer]] = {"demo": _demo, "init": _init, **evidence.WITHOUT}
_VERBS: Mapping[str, Callable[[Desk, Namespace], Answer]] = {
    "secret set": _secret,
    "search": _search,
    "request list": _list,
    "request show": _show,
    "request close": _close,
    "request identify": _identify,
    "request waive": _waive,
    "request decide": _decide,
    "request search": _find,
    "task list": _tasks,
    "task answer": _answer,
    "plan": _plan,
    "approve": _approve,
    "apply": _apply,
    "settle": _settle,
    "verify": _verify,
    "export": _export,
    **audit.VERBS,
    **cases.VERBS,
    **catalogs.VERBS,
    **discovering.VERBS,
    **evidence.VERBS,
    **exchanging.VERBS,
    **holds.VERBS,
    **locks.VERBS,
    **operators.VERBS,
    **report.VERBS,
    **shredding.VERBS,
}

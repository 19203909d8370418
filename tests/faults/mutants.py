# ruff: noqa: E501  # a table: one mutant a line
"""Safety code with one mistake planted in it, and the tests that must notice: a mutant that lives says what no test holds."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.faults.case import Case, Fault
from tests.faults.place import Place

ROOT = Path(__file__).parents[2]
#: Longer than any of the tests takes: a mutant that waits for ever is noticed, too.
PATIENCE = 600

FLOW = ("tests/flow/test_apply.py", "tests/flow/test_plan.py", "tests/faults/test_found.py", "tests/flow/test_crash.py")
FOUND = ("tests/faults/test_found.py",)
EYED = ("tests/flow/test_operators.py", "tests/flow/test_apply.py", "tests/flow/test_plan.py")
HOLDS = ("tests/flow/test_holds.py", "tests/flow/test_restriction.py")
VERIFY = ("tests/flow/test_verify.py",)
SQL = ("tests/drivers/test_sql_sqlite.py", "tests/drivers/test_sql_postgresql.py", "tests/drivers/test_sql_drift.py")
SHEET = ("tests/drivers/test_sheet_csv.py", "tests/drivers/test_sheet_xlsx.py", "tests/faults/test_sample.py")
STORE = ("tests/store",)
AUDIT = ("tests/audit",)
FAULTS = ("tests/faults/test_sample.py", *FLOW)


@dataclass(frozen=True)
class Mutant:
    """One mistake: ``old`` stands exactly once in the file, and ``new`` takes its place."""

    file: str
    old: str
    new: str
    why: str
    tests: tuple[str, ...]
    #: Likewise, where two places look after the same thing.
    also: tuple[tuple[str, str], ...] = ()

    @property
    def edits(self) -> tuple[tuple[str, str], ...]:
        """What stands there, and what takes its place."""
        return ((self.old, self.new), *self.also)


APPLY, STANDING, RECORD = "flow/apply.py", "flow/applying/standing.py", "flow/applying/record.py"
EYES = "flow/applying/four_eyes.py"
APPROVE, REFUSE, PROOF = "flow/approve.py", "flow/planning/refuse.py", "flow/verify.py"
APPLYING, EXAMINE = "drivers/_sql/applying.py", "drivers/_sql/examine.py"
SWAP, CHANGE, DRIVER = "drivers/_file/swap.py", "drivers/_sheet/change.py", "drivers/sheet.py"
LEASES, JOURNAL, DATABASE = "store/leases.py", "store/journal.py", "store/database.py"

MUTANTS = (
    # -- carrying out ----------------------------------------------------------------------------------------------------
    Mutant(EYES, "if entry is None or entry.body.get(\"digest\") != plan.digest or entry.actor != approval.key_id:", "if False:", "an approval counts that the trail doesn't hold", FLOW),
    Mutant(EYES, " and not 0 < key.doubted <= approval.entry", "", "an approval by a key in other hands counts", EYED),
    Mutant(EYES, "    return rights.enough(rights.Approval(a.entry, people.get(a.key_id, a.key_id), known.asked(a.entry)) for a in approvals)", "    return bool(approvals)", "one approver is enough where two were asked for", EYED),
    Mutant(APPLY, "    four_eyes.insist(tx, request, plan)\n", "", "a plan runs without enough approvals", EYED, (("        four_eyes.insist(tx, self.request, self.plan)\n", "        pass\n"),)),
    Mutant(APPLY, "if not any(a.digest == plan.digest for a in approvals) or version is None or version.digest != plan.catalog:", "if False:", "a plan made anew a moment ago is not noticed", FLOW),
    Mutant(APPLY, 'if version is None or version.digest != plan.catalog:\n        raise RefusedError("The catalog was changed', 'if version is None:\n        raise RefusedError("The catalog was changed', "a plan runs on a changed catalog", FLOW, (('or version.digest != plan.catalog:\n        raise RefusedError("The plan was made', 'or False:\n        raise RefusedError("The plan was made'),)),
    Mutant(APPLY, "if not begun and expired(self.plan):", "if False:", "an expired plan runs", FLOW),
    Mutant(APPLY, "if not self._look_first([n for n in self.order if n not in self.results]):", "if False:", "nothing is looked at before something is written", FLOW),
    Mutant(APPLY, "                    clean = False\n            except CancelledError:", "            except CancelledError:", "drift in one system doesn't keep the others from being written", FLOW),
    Mutant(APPLY, "            if past.done is not None:\n", "            if False:\n", "what is done is done again", FLOW),
    Mutant(APPLY, "return Run(past.evidence, about_to_commit)", "return Run(None, about_to_commit)", "a recovery doesn't know that it is one", FAULTS),
    Mutant(APPLY, '"done", "step.done", detail', '"done", None, detail', "the trail is not told what was done", FLOW),
    Mutant(APPLY, '        except InDoubtError as error:\n            self._failed(name, error, "in doubt")\n            return False\n', "", "doubt is called failure", FLOW),
    Mutant(APPLY, "tx.release(request.ref, fence)", "pass", "a lease is kept for ever", FAULTS),
    Mutant(APPLY, 'if self.cancel.cancelled:', 'if False:', "a cancel is not heard between systems", FLOW),
    Mutant(STANDING, 'case "intent" | "blocked" | "doubt" if here == "committing":', 'case "intent" | "doubt" if here == "committing":', "a later failure hides a commit that may have happened", FLOW),
    Mutant(STANDING, 'if state in ("committing", "doubt")]', 'if state == "doubt"]', "a new plan is made over a half finished run", FLOW),
    Mutant(STANDING, "tx.release(ref, tx.lease(ref, secrets.token_hex(8), 1.0))", "pass", "a plan is made anew under a run", FAULTS),
    Mutant(RECORD, "if fence is not None and not tx.fence_holds(request.ref, fence):", "if False:", "a run that was taken over goes on writing", FLOW),
    # -- approving, refusing ---------------------------------------------------------------------------------------------
    Mutant(APPROVE, "if not hmac.compare_digest(plan.digest, digest.strip().lower()):", "if False:", "any digest approves", FLOW),
    Mutant(APPROVE, "if expired(plan):", "if False:", "an expired plan is approved", FLOW),
    Mutant(APPROVE, "        not_held(tx, catalog, request, plan)\n", "", "a plan is approved under a legal hold", HOLDS),
    Mutant(REFUSE, "if value is None and not column.nullable:", "if False:", "a NULL is planned where none may be", FOUND),
    Mutant(REFUSE, "if any(count > 1 for count in after.values()):", "if False:", "two rows are planned to be the same where they may not", FOUND),
    Mutant(PROOF, "*_unknown(plan, before, again),", "", "a row that the plan didn't know is not left over", VERIFY),
    Mutant(PROOF, "*_not_written(plan, failed, written),", "", "what was never written counts as erased", (*VERIFY, *FOUND)),
    # -- databases -------------------------------------------------------------------------------------------------------
    Mutant(APPLYING, "        if drifts := seen.drifts():\n            raise _drifted(work, drifts)\n        if", "        if", "drift is written over", SQL),
    Mutant(APPLYING, "        run.about_to_commit(evidence)\n        cut", "        cut", "nothing is written down before the commit", FLOW),
    Mutant(APPLYING, 'if proof != "committed":', 'if proof == "never":', "a doubtful commit is called done", SQL),
    Mutant(APPLYING, 'if proof == "not committed":\n            raise', 'if proof == "never":\n            raise', "a lost commit is called doubtful", FOUND),
    Mutant(APPLYING, "    if seen.finished:\n        return _done", "    if True:\n        return _done", "a recovery takes anything for its own", SQL + FLOW),
    Mutant(APPLYING, '"not committed" if run.evidence is None else dialect.proof(conn, run.evidence)', '"unknown"', "absence is taken for ours", SQL + FLOW),
    Mutant(APPLYING, "            changing.read_again(batch)\n    except Blocked as blocked:\n        raise _refused", "            pass\n    except Blocked as blocked:\n        raise _refused", "what a trigger undid is not noticed", SQL),
    Mutant(EXAMINE, "*(Drift(ref, \"new\") for ref in self.new),", "", "a new row of the person's is not noticed", SQL),
    Mutant(EXAMINE, "if still(work, step.digest, values):\n        return \"before\"", "if True:\n        return \"before\"", "a changed row is not noticed", SQL),
    Mutant(EXAMINE, "yield from session.by_key(wanted, lock and locked)", "yield from session.by_key(wanted, False)", "rows are compared without a lock", FOUND),
    Mutant("drivers/_sql/sqlite_proof.py", 'return "not committed" if since == 0 else "one"', 'return "committed" if since == 0 else "one"', "a commit that never was is taken for one", FAULTS),
    Mutant("drivers/_sql/postgresql.py", '"aborted": "not committed"', '"aborted": "committed"', "an aborted transaction is taken for a commit", FAULTS + SQL),
    # -- files -----------------------------------------------------------------------------------------------------------
    Mutant(SWAP, "        if made.read != before.sha256:\n            raise MovedError\n", "", "a file that changed while it was read is written", SHEET),
    Mutant(SWAP, "        os.fsync(file.fileno())\n        file.seek", "        file.seek", "a file is renamed before it is durable", SHEET),
    Mutant(SWAP, "if source.look() != before or not _is(path, file):", "if not _is(path, file):", "somebody's saving is written over", SHEET),
    Mutant(SWAP, "        os.fsync(descriptor)\n    finally:", "        pass\n    finally:", "a rename is called done before it is durable", SHEET),
    Mutant(SWAP, 'about_to_commit({"sha256": sha256_of(file), "before": before.sha256})', "pass", "a rename leaves no evidence", SHEET),
    Mutant(DRIVER, "            confirm(source)  # the run that renamed it may have ended before it did this\n", "", "a recovery calls a rename done that is not durable", SHEET),
    Mutant(DRIVER, "        insist_unlocked(source)\n        before", "        before", "a file that somebody has open is replaced", SHEET),
    Mutant(DRIVER, "        _insist(self.system.label, comparison)\n        if comparison.done:", "        if comparison.done:", "drift in a file is written over", SHEET),
    Mutant(CHANGE, "            if still(work, step.digest, values):", "            if True:", "a changed row of a file is not noticed", SHEET),
    Mutant(CHANGE, 'drifts.setdefault(ref, Drift(ref, "new"))', "pass", "a new row of a file is not noticed", SHEET),
    # -- the workspace ---------------------------------------------------------------------------------------------------
    Mutant(LEASES, "and self.unlocked.presence.alive(row.process)", "and False", "two run one request", STORE + FAULTS),
    Mutant(LEASES, "fence = row.fence + 1 if row is not None else 1", "fence = row.fence if row is not None else 1", "a run that was taken over doesn't notice", STORE),
    Mutant(JOURNAL, "if row.number != expected:", "if False:", "a missing line of a journal is not noticed", STORE),
    Mutant(DATABASE, '"BEGIN IMMEDIATE"', '"BEGIN"', "two transactions write over each other", STORE + FAULTS),
    Mutant(DATABASE, '    "PRAGMA synchronous=FULL",\n', '    "PRAGMA synchronous=OFF",\n', "what is committed isn't durable", (*STORE, "tests/faults/test_sample.py")),
    Mutant("audit/verify.py", "if head is not None and head != arrived:", "if False:", "a rewritten tail is not noticed", AUDIT + STORE),
    Mutant("audit/rights.py", "if not self.keys[a.key_id].doubts(a.seq))", "if True)", "an approval with a stolen key counts", AUDIT),
    Mutant("audit/verify.py", "        _settle(signatures)\n        raise", "        raise", "a wrong signature is found too late", AUDIT),
    Mutant("audit/witness.py", "if had > size:", "if False:", "a trail cut short is not noticed", AUDIT + STORE),
)  # fmt: skip


def cases(_: Place, seed: int, sample: int = 0) -> Iterator[Case]:
    """Every mutant, or a sample of them; and first none at all, which the tests must let live."""
    draw = random.Random(seed)
    yield Case("mutant", "none", partial(_spared, tuple(dict.fromkeys(t for m in MUTANTS for t in m.tests))))
    for mutant in draw.sample(MUTANTS, min(sample, len(MUTANTS))) if sample else MUTANTS:
        yield Case("mutant", f"{mutant.file}: {mutant.why}", partial(_killed, mutant))


def untrue(mutant: Mutant) -> list[str]:
    """What of it no longer stands in the code exactly once."""
    text = (ROOT / "dsr_desk" / mutant.file).read_text(encoding="utf-8")
    return [f"{mutant.file} says {text.count(old)} times: {old}" for old, _ in mutant.edits if text.count(old) != 1]


def _spared(tests: tuple[str, ...], _: Place) -> Fault:
    status, said = _tried(tests, None)
    return Fault(1, 1, [] if status == 0 else [f"the tests fail without any mutant: {said}"])


def _killed(mutant: Mutant, _: Place) -> Fault:
    if wrong := untrue(mutant):
        return Fault(1, 1, wrong)
    status, said = _tried(mutant.tests, mutant)
    return Fault(1, 1, [] if status == 1 else ["no test noticed" if status == 0 else f"the tests could not run: {said}"])


def _tried(tests: tuple[str, ...], mutant: Mutant | None) -> tuple[int, str]:
    """Run tests in a copy of the checkout; pytest's status (1: some failed) and its last words."""
    with tempfile.TemporaryDirectory(prefix="dsr-desk-mutant-") as folder:
        root = Path(folder)
        shutil.copytree(ROOT, root, ignore=shutil.ignore_patterns(".*", "__pycache__", "build", "dist"), dirs_exist_ok=True)
        if mutant is not None:
            path = root / "dsr_desk" / mutant.file
            text = path.read_text(encoding="utf-8")
            for old, new in mutant.edits:
                text = text.replace(old, new)
            path.write_text(text, encoding="utf-8")
        done = subprocess.Popen(
            [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests],
            cwd=root,
            env={**os.environ, "PYTHONPATH": folder, "PYTHONDONTWRITEBYTECODE": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            text=True,
        )
        try:
            said, _ = done.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(done.pid, signal.SIGKILL)
            done.communicate()
            return 1, "it waited for ever"
    return done.returncode, said[-200:]

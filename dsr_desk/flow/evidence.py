"""Evidence: what proves a request's entries without this program, and a receipt that the person can open themselves.

``docs/evidence.md`` states what lies in either. The entry that says that one was made is written first, so that it is the last line
of the bundle and counts the others: nothing of the case can be left out.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from dsr_desk.audit import bundle
from dsr_desk.audit.bundle import BundleVerdict
from dsr_desk.audit.bundle_making import Kind, make, opened
from dsr_desk.audit.tree import leaf_hash
from dsr_desk.bundled import bundled
from dsr_desk.errors import RefusedError, TamperedError, UsageError
from dsr_desk.flow.access import recorded
from dsr_desk.flow.proving.bundle_file import packed, unpacked
from dsr_desk.flow.reporting.verifier import verifier, verifier_hash
from dsr_desk.flow.reports import Reports
from dsr_desk.model.evidence import Evidence
from dsr_desk.model.identity import commitment_form
from dsr_desk.model.request import Facts, Request
from dsr_desk.model.trail import Entry
from dsr_desk.render.files import try_folder, write_new
from dsr_desk.render.package_zip import new_password
from dsr_desk.render.report import report_footer, report_html
from dsr_desk.render.report_files import report_json
from dsr_desk.store.trail import KEYS
from dsr_desk.store.tx import Tx


def _resource(name: str) -> bytes:
    return (bundled("resources") / "evidence" / name).read_bytes()


def check_bundle(path: Path, password: str = "") -> BundleVerdict:
    """Whether a bundle or a receipt (its zip, or its folder) holds. No workspace is needed, and none is asked.

    ``EncryptedError`` where a password is missing or wrong, ``UnreachableError`` where there is nothing to read.
    """
    try:
        return bundle.check(unpacked(path, password))
    except TamperedError as fault:
        return BundleVerdict(False, fault)


class Evidences(Reports):
    """Evidence of the requests of a workspace."""

    @recorded("evidence.make")
    def evidence(self, ref: str, file: Path, opened: bool = False) -> Evidence:
        """Write the evidence of a request as one zip, with the script that checks it.

        With ``opened`` it says whose case it is, and the zip is encrypted; the password is in what is returned, and nowhere else.
        ``UsageError`` where the file is there already.
        """
        _free(file)
        data = self.report(ref)
        more = {"report.json": report_json("report.json", data).data, "report.pdf": self._pdf(ref)}
        return self._make("evidence", ref, file, more, opened)

    @recorded("receipt.make")
    def receipt(self, ref: str, file: Path) -> Evidence:
        """Write a receipt: with it the person can open the entry of their own request, and nobody else's.

        ``RefusedError`` for a request over a list of people: its one key would open the others' entries, too.
        """
        _free(file)
        if self.request(ref).facts.people:
            raise RefusedError(
                f"{ref} is over a list of people, and a receipt would open the others' entries, too.",
                "Make the evidence bundle instead: it opens nobody's.",
            )
        return self._make("receipt", ref, file, {}, True)

    def check_bundle(self, path: Path, password: str = "") -> BundleVerdict:
        """Whether a bundle holds; see the function of this name."""
        return check_bundle(path, password)

    def _pdf(self, ref: str) -> bytes:
        data = self.report(ref)
        with tempfile.TemporaryDirectory() as folder:
            pdf = Path(folder) / "report.pdf"
            self._to_pdf(report_html(data, "A4"), pdf, f"{data.title} {data.reference}", report_footer(data), "A4")
            return pdf.read_bytes()

    def _make(self, kind: Kind, ref: str, file: Path, more: Mapping[str, bytes], open_it: bool) -> Evidence:
        try_folder(file.parent)
        more = {**more, "README.txt": _resource(f"{kind}.txt"), "verify.py": verifier()}
        with self.workspace.write() as tx:
            request = tx.request(ref)
            keys = tx.entries_of(KEYS)
            made = tx.append(f"{kind}.make", {"case": request.case, "keys": len(keys), "verifier": verifier_hash()})
            case = tx.entries_of(request.case)
            if kind == "receipt":
                case = [e for e in case if e.type in ("case.open", "case.people") or e.seq == made.seq]
            if open_it:
                more["opened.json"] = _opened(tx, request, case)
            leaves = [leaf_hash(raw) for raw in tx.raw_entries()]
            entries = sorted([*keys, *case], key=lambda e: e.seq)
            log, note = tx.trail_head().log, tx.checkpoint()
            files = make(kind, log, entries, leaves, note, more, tx.unlocked.signer)
        verdict = bundle.check(files)
        if verdict.fault is not None:
            raise verdict.fault
        password = new_password() if open_it and kind == "evidence" else ""
        draft = packed(file.name, files, made.ts, password)
        (written,) = write_new(file.parent, [draft])
        return Evidence(written.path, written.sha256, verifier_hash(), made.seq, password)


def _free(file: Path) -> None:
    if file.suffix.lower() != ".zip":
        raise UsageError("Evidence is one zip file.", "Give a name that ends in .zip.")
    if file.exists() or file.is_symlink():
        raise UsageError(f"{file.name} is there already.", "Choose another name: nothing is overwritten.")


def _opened(tx: Tx, request: Request, case: list[Entry]) -> bytes:
    """The identifiers that the case was opened for, in the order of the commitments. Ones that were added later have none."""
    known = {tx.commit_to(request.ref, kind, form): (kind, form) for kind, form in _forms(request.facts)}
    wanted = list(bundle.commitments(case))
    if not wanted or any(one not in known for one in wanted):
        raise RefusedError(
            f"The file of {request.ref} does not hold all identifiers that its entries speak of.",
            "Make the evidence without opening it.",
        )
    return opened(tx.keys(request.ref).commit, [known[one] for one in wanted])


def _forms(facts: Facts) -> list[tuple[str, str]]:
    everybody = [*facts.identity, *(pair for person in facts.people for pair in person)]
    return [(kind, commitment_form(kind, value)) for kind, value in everybody]

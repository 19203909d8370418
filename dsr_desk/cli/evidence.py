"""The commands of evidence: bundles, receipts, and the check of either, which needs no workspace."""

from __future__ import annotations

import getpass
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping

from dsr_desk.audit.bundle import BundleVerdict
from dsr_desk.cli.answer import Answer
from dsr_desk.flow.desk import Desk
from dsr_desk.flow.evidence import check_bundle
from dsr_desk.flow.proving.bundle_file import EncryptedError
from dsr_desk.flow.reporting.verifier import verifier_hash
from dsr_desk.model.evidence import Evidence


def _evidence(desk: Desk, a: Namespace) -> Answer:
    return _written(a.ref, desk.evidence(a.ref, a.to, a.opened))


def _receipt(desk: Desk, a: Namespace) -> Answer:
    code, document, lines = _written(a.ref, desk.receipt(a.ref, a.to))
    return code, document, [*lines, "It names the person. Give it to nobody else."]


def _written(ref: str, made: Evidence) -> Answer:
    document = {
        "request": ref,
        "file": str(made.path),
        "sha256": made.sha256,
        "verifier": made.verifier_sha256,
        "entry": made.entry,
    }
    lines = [
        str(made.path),
        f"SHA-256 {made.sha256}",
        "To check it, unpack it into a folder of its own, and run there: python verify.py",
        f"SHA-256 of verify.py, as reports print it: {made.verifier_sha256}",
    ]
    if made.password:
        document["password"] = made.password
        lines += [f"Password: {made.password}", "It is shown this once and kept nowhere: note it, and send it another way."]
    return 0, document, lines


def check(a: Namespace) -> Answer:
    """Check a bundle or a receipt. The password of an encrypted one comes from a prompt, or on one line of standard input."""
    try:
        verdict = check_bundle(a.file)
    except EncryptedError:
        verdict = check_bundle(a.file, _password())
    fault = verdict.fault
    document = {
        "ok": verdict.ok,
        "kind": verdict.kind or None,
        "case": verdict.case or None,
        "entries": verdict.entries,
        "checkpoint": verdict.checkpoint,
        "doubted": list(verdict.doubted),
        "identifiers": [list(pair) for pair in verdict.identifiers],
        "verifier": verdict.verifier or None,
        "fault": {"error": type(fault).__name__, "message": fault.message} if fault else None,
    }
    return (1, document, [verdict.sentence]) if fault else (0, document, _words(verdict))


def _password() -> str:
    return getpass.getpass("Password of the bundle: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")


def _words(verdict: BundleVerdict) -> list[str]:
    lines = [verdict.sentence]
    lines += [f"It is about {kind} {value}." for kind, value in verdict.identifiers]
    if verdict.doubted:
        numbers = ", ".join(map(str, verdict.doubted))
        lines.append(f"Doubted, for somebody else may have signed them with a stolen key: {numbers}.")
    if verdict.verifier != verifier_hash():
        lines.append("The script in it is not the one of this version: use the one whose SHA-256 the report names.")
    return [*lines, "Compare these lines with a checkpoint that somebody else kept:", *verdict.checkpoint.splitlines()]


VERBS: Mapping[str, Callable[[Desk, Namespace], Answer]] = {"evidence": _evidence, "receipt": _receipt}
WITHOUT: Mapping[str, Callable[[Namespace], Answer]] = {"audit check": check}

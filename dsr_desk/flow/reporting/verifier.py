"""The script that checks an evidence bundle without this program, and its hash, which reports print."""

from __future__ import annotations

from hashlib import sha256

from dsr_desk.bundled import bundled


def verifier() -> bytes:
    """The script that checks a bundle by itself: ``verify.py``, as it lies in every one."""
    return (bundled("resources") / "evidence" / "verify.py").read_bytes()


def verifier_hash() -> str:
    """SHA-256 (hex) of that script, as the report prints it: who has the report can tell whether a script is ours."""
    return sha256(verifier()).hexdigest()

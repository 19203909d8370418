"""Making an evidence bundle: from entries and hashes to the files that ``dsr_desk.audit.bundle`` checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from dsr_desk.audit.bundle import CONTEXT, derived, manifest_of
from dsr_desk.audit.canonical import canonical
from dsr_desk.audit.inclusion import paths
from dsr_desk.audit.record import encode_bytes
from dsr_desk.model.trail import Entry, Signer

Kind = Literal["evidence", "receipt"]


def opened(k_commit: bytes, identifiers: Sequence[tuple[str, str]]) -> bytes:
    """``opened.json``: the key of a case's commitments, and the identifiers (kind, normal form) in the order of the commitments."""
    return canonical({"k_commit": k_commit.hex(), "identifiers": [list(pair) for pair in identifiers]})


def make(
    kind: Kind, log: str, entries: Sequence[Entry], leaves: Sequence[bytes], note: str, more: Mapping[str, bytes], signer: Signer
) -> dict[str, bytes]:
    """All files of a bundle, by name.

    ``entries`` are its lines in order, the last one its own; ``leaves`` the leaf hashes of the whole log up to it, ``note`` the
    checkpoint over them by ``signer``; ``more`` the files that are given as they are.
    """
    proofs = paths(leaves, [e.seq for e in entries])
    files = {
        **more,
        "trail.jsonl": b"".join(e.raw + b"\n" for e in entries),
        "proofs.json": canonical({str(seq): [side.hex() for side in path] for seq, path in proofs.items()}),
        "checkpoint.txt": note.encode("utf-8"),
        **(derived(entries) if kind == "evidence" else {}),
    }
    files["manifest.json"] = canonical(manifest_of(kind, log, entries[-1], files))
    files["manifest.sig"] = f"{encode_bytes(signer.sign(CONTEXT + files['manifest.json']))}\n".encode("ascii")
    return files

"""The commands that check the trail without this window, and one entry without this program."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from pathlib import Path

from dsr_desk.audit import record
from dsr_desk.audit.trail import Entry, key_id

#: What stands before the 32 bytes of an Ed25519 key in DER (RFC 8410).
_DER = bytes.fromhex("302a300506032b6570032100")


def verify_command(folder: Path) -> str:
    """The command line that verifies the trail of a workspace."""
    return f"dsr-desk --workspace {_quoted(str(folder))} audit verify"


def public_keys(entries: Iterable[Entry]) -> dict[str, bytes]:
    """Key id → public key, as the entries admit them."""
    found: dict[str, bytes] = {}
    for entry in entries:
        key = entry.body.get("key")
        if entry.type in ("log.open", "key.add") and isinstance(key, str) and len(key) == 64:
            public = bytes.fromhex(key)
            found[key_id(public)] = public
    return found


def openssl_command(entry: Entry, keys: dict[str, bytes]) -> str:
    """Lines for a shell that check the signature of one entry with openssl 3; ``""`` where its bytes or its key are broken."""
    try:
        read = record.read(entry.raw)
    except ValueError:
        return ""
    key = keys.get(entry.actor)
    if key is None:
        return ""
    files = (("key", _DER + key), ("sig", read.signature), ("in", read.signed))
    lines = [f"echo {base64.b64encode(data).decode('ascii')} | base64 -d > {name}" for name, data in files]
    return "\n".join([*lines, "openssl pkeyutl -verify -rawin -pubin -keyform DER -inkey key -in in -sigfile sig"])


def _quoted(folder: str) -> str:
    return f'"{folder}"' if " " in folder else folder

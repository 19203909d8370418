"""Who may sign, as the entries about keys say: what roles, four eyes and the sealing of secrets go by.

The names and roles in the workspace's tables are for people. What counts is what the root signed, so that whoever can write to the
workspace's file makes nobody an approver, and slips in no key of their own to which the next secret would be sealed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from dsr_desk.audit import record
from dsr_desk.audit.faults import ChangedEntryError, ForbiddenEntryError
from dsr_desk.model.trail import Admissions, Admitted, Entry


def admitted(raws: Iterable[bytes]) -> Admissions:
    """What these entries (all of a trail that are about keys, in order) say; each signature of the root is checked.

    ``TrailError`` for one that is changed or not the root's. Whether one is missing or the trail is another's is for ``verify``.
    """
    found: dict[str, Admitted] = {}
    policies: list[tuple[int, int]] = []
    root, key = "", None
    for number, raw in enumerate(raws, 1):
        try:
            read = record.read(raw)
            entry = read.entry
            if key is None:
                root, key = entry.actor, Ed25519PublicKey.from_public_bytes(_public(entry, "key"))
            key.verify(read.signature, read.signed)
        except (ValueError, InvalidSignature):
            raise ChangedEntryError(number) from None
        if entry.actor != root or entry.body.get("n") not in (None, number):
            raise ForbiddenEntryError(entry.seq)
        if entry.type == "policy.set":
            policies.append((entry.seq, _whole(entry.body["approvals"])))
        else:
            _note(found, entry)
    return Admissions(root, found, tuple(policies))


def _note(found: dict[str, Admitted], entry: Entry) -> None:
    try:
        if entry.type == "key.add":
            public = _public(entry, "key")
            role, box = str(entry.body["role"]), _public(entry, "box") if "box" in entry.body else b""
            found[record.key_id(public)] = Admitted(record.key_id(public), public, role, box, entry.seq)
        elif entry.type in ("key.retire", "key.compromise"):
            ended = found[entry.body["key_id"]]
            since = _whole(entry.body["since"]) if entry.type == "key.compromise" else 0
            doubted = min(since or ended.doubted, ended.doubted or since)  # reported twice, the earlier moment counts
            found[ended.key_id] = replace(ended, until=ended.until or entry.seq, doubted=doubted)
    except (KeyError, TypeError):
        raise ForbiddenEntryError(entry.seq) from None
    except ValueError:
        raise ChangedEntryError(entry.seq) from None


def _public(entry: Entry, name: str) -> bytes:
    public = bytes.fromhex(_text(entry.body, name))
    if len(public) != 32:
        raise ValueError("a public key has 32 bytes")
    return public


def _text(body: Mapping[str, Any], name: str) -> str:
    text = body.get(name, "")
    if not isinstance(text, str):
        raise ValueError("a key is a text")
    return text


def _whole(value: Any) -> int:
    return value if type(value) is int else 0

"""The bytes of one entry: written once, and read back only if they are exactly what would be written again."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from dsr_desk.audit.canonical import canonical, parse, written
from dsr_desk.audit.tree import grow, leaf_hash, root
from dsr_desk.audit.types import check_body
from dsr_desk.model.trail import Entry, Head, Signer

#: What stands before the unsigned record when it is signed, so that a signature of another kind is never mistaken for one.
CONTEXT = b"dsr-desk/audit-entry/v1\n"
#: The most bytes one record may have.
MAX_RECORD = 64 * 1024

#: The fields of a record, and what each holds.
_KINDS = {"v": int, "log": str, "seq": int, "prev": str, "ts": str, "actor": str, "type": str, "body": dict, "sig": str}
_TS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
LOG_NAME = re.compile(r"[a-z0-9][a-z0-9./_-]{0,199}")


@dataclass(frozen=True, slots=True)
class Record:
    """One entry as it was read: the entry, the trail it says it belongs to, what was signed, and the signature."""

    entry: Entry
    log: str
    signed: bytes
    signature: bytes


def key_id(public: bytes) -> str:
    """The id of a key: the first 16 hex digits of SHA-256 over its 32 public bytes."""
    return sha256(public).hexdigest()[:16]


def encode_bytes(data: bytes) -> str:
    """Standard base64 with padding (RFC 4648 section 4)."""
    return base64.b64encode(data).decode("ascii")


def decode_bytes(text: str) -> bytes:
    """The bytes of standard base64 that encode to exactly this text again; ``ValueError`` for any other."""
    data = base64.b64decode(text, validate=True)
    if encode_bytes(data) != text:
        raise ValueError("base64 that is not in its one form")
    return data


def _unsigned(log: str, seq: int, prev: str, ts: str, actor: str, type: str, body: bytes) -> tuple[str, str]:
    """The canonical record, cut where ``sig`` belongs (its place in the alphabet is between ``seq`` and ``ts``)."""
    return (
        f'{{"actor":"{actor}","body":{body.decode("ascii")},"log":"{log}","prev":"{prev}","seq":{seq}',
        f',"ts":"{ts}","type":"{type}","v":1}}',
    )


def append(head: Head, ts: str, type: str, body: Mapping[str, Any], signer: Signer) -> tuple[Entry, Head]:
    """The next entry after ``head``, signed, and the head after it. ``ts`` is UTC, ``2026-11-03T09:30:00.000Z``.

    ``ValueError`` for a type nobody knows, a body that could name a person, and one that says of the trail what isn't so: an
    approval has to name the tree as it is now (``size`` and ``root``), an anchor a tree that was, and ``since`` an entry.
    """
    check_body(type, body)
    _check_place(head, type, body)
    if not (_TS.fullmatch(ts) and LOG_NAME.fullmatch(head.log)):
        raise ValueError("the time or the name of the trail is not in its one form")
    plain = dict(body)
    seq, prev = head.size + 1, head.last.hex()
    before, after = _unsigned(head.log, seq, prev, ts, signer.key_id, type, canonical(plain))
    signature = signer.sign(CONTEXT + (before + after).encode("ascii"))
    raw = f'{before},"sig":"{encode_bytes(signature)}"{after}'.encode("ascii")
    if len(raw) > MAX_RECORD:
        raise ValueError("the entry is too long")
    leaf = leaf_hash(raw)
    entry = Entry(seq, ts, type, signer.key_id, plain, raw, leaf.hex(), prev)
    return entry, Head(head.log, seq, leaf, grow(head.frontier, head.size, leaf))


def _check_place(head: Head, type: str, body: Mapping[str, Any]) -> None:
    if type == "plan.approve" and (body["size"], body["root"]) != (head.size, root(head.frontier).hex()):
        raise ValueError("an approval must sign the tree as it stands")
    if type == "checkpoint.anchor":
        size, now = body["size"], (head.size, root(head.frontier).hex())
        if isinstance(size, bool) or not isinstance(size, int) or not 0 < size <= head.size:
            raise ValueError("an anchor is over entries that are there")
        if size == head.size and (size, body["root"]) != now:
            raise ValueError("an anchor must name the tree as it was")
    if type == "key.compromise" and body["since"] > head.size + 1:
        raise ValueError("nothing can be doubted that is not there yet")


def read(raw: bytes) -> Record:
    """The record in these bytes. ``ValueError`` unless writing it again gives the same bytes.

    Says nothing about signature, order or keys: that is ``verify``.
    """
    if len(raw) > MAX_RECORD:
        raise ValueError("too long")
    fields = parse(raw)
    if type(fields) is not dict:
        raise ValueError("not an entry")
    kinds = {name: type(value) for name, value in fields.items()}
    if kinds != _KINDS or fields["seq"] < 1:
        raise ValueError("a field of the wrong kind")
    body, seq, sig, log = fields["body"], fields["seq"], fields["sig"], fields["log"]
    prev, ts, actor, kind = fields["prev"], fields["ts"], fields["actor"], fields["type"]
    try:
        before, after = _unsigned(log, seq, prev, ts, actor, kind, written(body))
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if f'{before},"sig":"{sig}"{after}'.encode("ascii") != raw:
        raise ValueError("not in canonical form")
    signature = decode_bytes(sig)
    entry = Entry(seq, ts, kind, actor, body, raw, leaf_hash(raw).hex(), prev)
    return Record(entry, log, CONTEXT + (before + after).encode("ascii"), signature)


def show(raw: bytes, seq: int) -> Entry:
    """The entry for people to look at, unverified; of the type ``unreadable`` where somebody broke its bytes."""
    try:
        return read(raw).entry
    except ValueError:
        return Entry(seq, "", "unreadable", "", {}, raw, leaf_hash(raw).hex(), "")

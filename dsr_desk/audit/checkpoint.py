"""The trail's head as others can keep it: a C2SP checkpoint (tlog-checkpoint) in a C2SP signed note, Ed25519."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256

from dsr_desk.audit.record import LOG_NAME, decode_bytes, encode_bytes
from dsr_desk.audit.tree import root
from dsr_desk.model.trail import Head, Signer

_NOTE = re.compile(r"([^\n]+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/=]+)\n\n\u2014 ([^\n ]+) ([A-Za-z0-9+/=]+)\n")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How many entries a trail of this name has, and the root of the tree over them (32 bytes)."""

    log: str
    size: int
    root: bytes

    @classmethod
    def of(cls, head: Head) -> Checkpoint:
        """The checkpoint of a head."""
        return cls(head.log, head.size, root(head.frontier))

    @property
    def text(self) -> str:
        """The three lines that are signed: name, size, root in base64. No extension lines."""
        return f"{self.log}\n{self.size}\n{encode_bytes(self.root)}\n"


def note_hash(log: str, public: bytes) -> bytes:
    """The four bytes by which a signed note names its key: SHA-256 over name, newline, 0x01 and the public key."""
    return sha256(log.encode("utf-8") + b"\n\x01" + public).digest()[:4]


def sign(head: Head, signer: Signer) -> str:
    """The signed note over the head: what a report prints and an approver keeps."""
    text = Checkpoint.of(head).text
    signature = note_hash(head.log, signer.public) + signer.sign(text.encode("utf-8"))
    return f"{text}\n\u2014 {head.log} {encode_bytes(signature)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A signed checkpoint as it was read: the checkpoint, the four bytes that name the key, and the signature."""

    checkpoint: Checkpoint
    key_hash: bytes
    signature: bytes


def read(note: str) -> Note:
    """The signed checkpoint in ``note``; ``ValueError`` unless it has exactly one form. The signature is not checked here."""
    match = _NOTE.fullmatch(note)
    if match is None:
        raise ValueError("not a signed checkpoint")
    log, size, top, name, signature = match.groups()
    tree_root, signed = decode_bytes(top), decode_bytes(signature)
    if name != log or not LOG_NAME.fullmatch(log) or len(tree_root) != 32 or len(signed) != 68:
        raise ValueError("not a signed checkpoint")
    return Note(Checkpoint(log, int(size), tree_root), signed[:4], signed[4:])

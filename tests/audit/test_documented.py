"""The example in docs/trail.md is what the program writes, and a verifier made from that page alone accepts it."""

from __future__ import annotations

import base64
import json
import re
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from dsr_desk.audit.types import TYPES
from dsr_desk.audit.verify import verify

PAGE = (Path(__file__).parents[2] / "docs" / "trail.md").read_text("utf-8")
LINES = re.search(r"```json lines\n(.*?)\n```", PAGE, re.DOTALL)[1].split("\n")  # type: ignore[index]
NOTE = re.search(r"```text\n(.*?)```", PAGE, re.DOTALL)[1]  # type: ignore[index]


def test_the_program_accepts_the_example() -> None:
    verdict = verify([line.encode() for line in LINES], checkpoints=[NOTE])
    assert verdict.ok
    assert verdict.entries == 2


def test_the_page_alone_is_enough_to_verify_it() -> None:
    previous, leaves, keys = "0" * 64, [], {}
    for number, line in enumerate(LINES, 1):
        record = json.loads(line)
        assert line == json.dumps(record, sort_keys=True, separators=(",", ":"))
        if number == 1 or record["type"] == "key.add":
            public = bytes.fromhex(record["body"]["key"])
            keys[sha256(public).hexdigest()[:16]] = public
        signature = base64.b64decode(record.pop("sig"))
        message = b"dsr-desk/audit-entry/v1\n" + json.dumps(record, sort_keys=True, separators=(",", ":")).encode()
        Ed25519PublicKey.from_public_bytes(keys[record["actor"]]).verify(signature, message)
        assert (record["seq"], record["prev"]) == (number, previous)
        leaves.append(sha256(b"\x00" + line.encode()).digest())
        previous = leaves[-1].hex()
    name, size, root, _, signed = NOTE.splitlines()
    assert int(size) == len(leaves)
    assert base64.b64decode(root) == sha256(b"\x01" + leaves[0] + leaves[1]).digest()
    key_hash, signature = (blob := base64.b64decode(signed.split(" ")[2]))[:4], blob[4:]
    (public,) = [k for k in keys.values() if sha256(name.encode() + b"\n\x01" + k).digest()[:4] == key_hash]
    Ed25519PublicKey.from_public_bytes(public).verify(signature, f"{name}\n{size}\n{root}\n".encode())


def test_every_type_is_on_the_page() -> None:
    assert [name for name in TYPES if f"`{name}`" not in PAGE] == []

"""Logs that say what one likes, true or not, and the bundles that somebody would make of them. All keys are fixed."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from dsr_desk.audit.checkpoint import note_hash
from dsr_desk.audit.inclusion import paths
from dsr_desk.audit.tree import grow, leaf_hash, root
from dsr_desk.model.trail import Signer
from tests.audit.trails import LOG, TS, signer

ROOT, ADA, BOB, CYD, EVE = (signer(n) for n in (1, 2, 3, 4, 5))
CASE, OTHER = "5f" * 16, "0b" * 16
DIGEST = "ab" * 32
SCRIPT = b"# the script that checks this bundle lies here\n"
README = b"What this is, in words.\n"
K_COMMIT = bytes(range(32))
ANN = [("email", "ann@example.org"), ("name", "Zo\u00eb Lee")]
KEYS = ("log.open", "key.add", "key.retire", "key.compromise", "policy.set")


def dumps(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def commitments(identifiers: Sequence[tuple[str, str]], key: bytes = K_COMMIT) -> list[str]:
    texts = (f"dsr-desk/subject/v1\n{kind}\n{value}" for kind, value in identifiers)
    return [hmac.digest(key, text.encode("utf-8"), "sha256").hex() for text in texts]


def line(fields: Mapping[str, Any], by: Signer) -> bytes:
    """An entry with these fields, signed; nothing is checked."""
    signature = by.sign(b"dsr-desk/audit-entry/v1\n" + dumps(fields))
    return dumps({**fields, "sig": b64(signature)})


@dataclass
class Story:
    """A log. ``add`` appends whatever it is told, and numbers it (``n``) as the program does, unless it is told otherwise."""

    log: str = LOG
    raws: list[bytes] = field(default_factory=list)
    frontiers: list[tuple[bytes, ...]] = field(default_factory=lambda: [()])
    counted: dict[Any, int] = field(default_factory=dict)

    def add(self, type: str, body: Mapping[str, Any] | None = None, by: Signer = ADA, **fields: Any) -> int:
        body = dict(body or {})
        group = "keys" if type in KEYS else body.get("case")
        if group is not None:
            self.counted[group] = self.counted.get(group, 0) + 1
            body = {"n": self.counted[group]} | body
        seq, prev = len(self.raws) + 1, leaf_hash(self.raws[-1]).hex() if self.raws else "0" * 64
        plain = {"v": 1, "log": self.log, "seq": seq, "prev": prev, "ts": TS, "actor": by.key_id, "type": type, "body": body}
        return self.put(line({**plain, **fields}, by))

    def put(self, raw: bytes) -> int:
        self.raws.append(raw)
        self.frontiers.append(grow(self.frontiers[-1], len(self.raws) - 1, leaf_hash(raw)))
        return len(self.raws)

    def about(self, type: str, by: Signer = ADA, **more: Any) -> int:
        """An entry of the case."""
        return self.add(type, {"case": CASE, **more}, by)

    def approve(self, by: Signer = ADA, digest: str = DIGEST, **more: Any) -> int:
        tree = {"size": len(self.raws), "root": self.root().hex()}
        return self.about("plan.approve", by, digest=digest, **{**tree, **more})

    def root(self, size: int | None = None) -> bytes:
        return root(self.frontiers[-1 if size is None else size])

    def note(self, by: Signer = ADA, size: int | None = None, log: str | None = None) -> bytes:
        """The checkpoint over the first ``size`` entries."""
        text = f"{log or self.log}\n{len(self.raws) if size is None else size}\n{b64(self.root(size))}\n"
        return noted(text, by, log or self.log)

    def bundle(self, kind: str = "evidence", by: Signer = ADA, opened: Any = None, make: bool = True, **says: Any) -> Bundle:
        """The bundle of the case as it stands, made by ``by``; ``says`` is what its last entry says instead of the truth."""
        count = self.counted
        true = {"keys": count.get("keys", 0), "verifier": sha256(SCRIPT).hexdigest()}
        if make:
            self.about(f"{kind}.make", by, **{**true, **says})
        mine = [n for n, raw in enumerate(self.raws, 1) if _mine(json.loads(raw), kind)]
        proofs = paths([leaf_hash(raw) for raw in self.raws], mine)
        made = {str(seq): [side.hex() for side in path] for seq, path in proofs.items()}
        more = {"README.txt": README, "verify.py": SCRIPT}
        if kind == "evidence":
            more |= {"report.pdf": b"%PDF-1.4 a report\n", "report.json": b'{"format":"dsr-desk/report/v1"}\n'}
        if opened is not None:
            more["opened.json"] = dumps(opened)
        return Bundle(kind, self.log, [self.raws[n - 1] for n in mine], made, self.note(by), more, by)


def _mine(entry: dict[str, Any], kind: str) -> bool:
    if entry["type"] in KEYS:
        return True
    return entry["body"].get("case") == CASE and (
        kind == "evidence" or entry["type"] in ("case.open", "case.people", "receipt.make")
    )


def noted(text: str, by: Signer, name: str) -> bytes:
    """These lines as a signed note."""
    stamp = note_hash(name, by.public) + by.sign(text.encode("utf-8"))
    return f"{text}\n\u2014 {name} {b64(stamp)}\n".encode()


@dataclass
class Bundle:
    """What a bundle is made of, so that one part can be another and the rest fits it again."""

    kind: str
    log: str
    lines: list[bytes]
    proofs: Any
    note: bytes
    more: dict[str, bytes]
    by: Signer
    #: What the manifest says instead of the truth, and what files are instead of what they should be.
    says: dict[str, Any] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)

    def __call__(self, **changed: Any) -> Bundle:
        return replace(self, **changed)

    def written(self) -> dict[str, bytes]:
        """The files, by name; manifest and signature are over what the others are in the end."""
        files = {**self.more, "trail.jsonl": b"".join(raw + b"\n" for raw in self.lines)}
        files |= {"proofs.json": dumps(self.proofs), "checkpoint.txt": self.note}
        entries = [_entry(raw) for raw in self.lines]
        if self.kind == "evidence":
            files["plan.json"] = _said(entries, ("plan.",))
            files["result.json"] = _said(entries, ("step.", "verify."))
        files |= self.files
        return self.sealed(files, entries[-1] if entries else {})

    def sealed(self, files: dict[str, bytes], last: Mapping[str, Any]) -> dict[str, bytes]:
        named = {n: d for n, d in files.items() if n not in ("manifest.json", "manifest.sig")}
        listed = {n: {"size": len(d), "sha256": sha256(d).hexdigest()} for n, d in named.items()}
        truth = {"v": 1, "kind": self.kind, "log": self.log, "case": CASE, "made": last.get("ts", TS), "actor": self.by.key_id}
        said = {**truth, "files": listed, **self.says}
        manifest = files.get("manifest.json", dumps({k: v for k, v in said.items() if v is not ...}))
        seal = b64(self.by.sign(b"dsr-desk/evidence/v1\n" + manifest)).encode() + b"\n"
        return {**named, "manifest.json": manifest, "manifest.sig": files.get("manifest.sig", seal)}


def _entry(raw: bytes) -> dict[str, Any]:
    try:
        entry = json.loads(raw)
    except ValueError:
        return {}
    return entry if isinstance(entry, dict) else {}


def _said(entries: Sequence[Mapping[str, Any]], kinds: tuple[str, ...]) -> bytes:
    told = [e for e in entries if isinstance(e.get("type"), str) and e["type"].startswith(kinds)]
    return dumps([{"seq": e.get("seq"), "type": e["type"], "actor": e.get("actor"), "body": e.get("body")} for e in told])


# -- the stories that hold -----------------------------------------------------------------------------------------------


def opening(*more: tuple[Signer, str]) -> Story:
    """A log with its root key and Ada, who approves, and others."""
    story = Story()
    story.add("log.open", {"key": ROOT.public.hex()}, ROOT)
    for who, role in ((ADA, "approver"), *more):
        story.add("key.add", {"key": who.public.hex(), "role": role}, ROOT)
    return story


def begun(story: Story, by: Signer = ADA) -> Story:
    """A case, and entries of others around it."""
    story.add("desk.open", {}, by)
    story.about("case.open", by, right="erasure", identifiers=commitments(ANN))
    story.add("case.open", {"case": OTHER, "right": "access", "identifiers": commitments(ANN, bytes(32))}, by)
    story.about("search.run", by, rows=4)
    return story


def planned(story: Story, by: Signer = ADA) -> Story:
    begun(story, by).about("plan.make", by, digest=DIGEST, records=4, refusals=0)
    return story


def carried_out(story: Story, by: Signer = ADA) -> Story:
    for type in ("step.intent", "step.done"):
        story.about(type, by, digest=DIGEST, system="shop", **({"deleted": 4} if type == "step.done" else {}))
    story.add("case.close", {"case": OTHER, "decision": "granted"}, by)
    story.about("verify.pass", by, before=4, erased=4, leftover=0)
    return story


def erased(*more: tuple[Signer, str]) -> Story:
    story = planned(opening(*more))
    story.approve()
    return carried_out(story)


def opened_with(identifiers: Sequence[tuple[str, str]] = ANN, key: bytes = K_COMMIT) -> dict[str, Any]:
    return {"k_commit": key.hex(), "identifiers": [list(pair) for pair in identifiers]}

"""Evidence bundles: the entries of one case, what proves that they stand in the log, and the check of it all.

``docs/evidence.md`` states the files and the steps; the script that lies in each bundle takes the same steps on its own. The
files are held in memory, by name: reading a folder or a zip is the business of whoever calls.

1. There are the files of a bundle, and no others; none is too large.
2. The manifest names each of them, with size and SHA-256.
3. Each line of ``trail.jsonl`` is an entry of this log in its one form, in order.
4. Each line stands in one tree, by its proof.
5. Each line is signed with a key that the lines before it admit, and that may sign it.
6. No entry of the case or about keys is left out, and none is of another case.
7. Approvals name the tree before them, and enough of them stand before a change.
8. The last line and the manifest speak of this bundle.
9. The checkpoint is over these lines. It and the manifest are signed with the key of the last line.
10. ``plan.json`` and ``result.json`` say what the lines say.
11. ``opened.json`` opens the commitments of the case.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from dsr_desk.audit import record
from dsr_desk.audit.bundle_faults import (
    BundleError,
    ChangedFileError,
    ForeignLineError,
    FormError,
    InclusionError,
    LargeFileError,
    LastLineError,
    LeftOutError,
    MissingFileError,
    OpenedError,
    SaidError,
    SealError,
    StrangeFileError,
)
from dsr_desk.audit.canonical import canonical
from dsr_desk.audit.checkpoint import note_hash
from dsr_desk.audit.faults import ApprovalError, ChangedEntryError
from dsr_desk.audit.inclusion import climb
from dsr_desk.audit.rights import Rights
from dsr_desk.audit.signatures import holds
from dsr_desk.audit.types import KEYS, group_of
from dsr_desk.errors import TamperedError
from dsr_desk.model.trail import Entry

#: What stands before the manifest when it is signed.
CONTEXT = b"dsr-desk/evidence/v1\n"
#: The most bytes that one file of a bundle may have.
LARGEST = 1 << 25

_RECEIPT = frozenset(
    {"manifest.json", "manifest.sig", "trail.jsonl", "proofs.json", "checkpoint.txt", "README.txt", "verify.py", "opened.json"}
)
_EVIDENCE = _RECEIPT - {"opened.json"} | {"plan.json", "result.json", "report.pdf", "report.json"}
#: All names that a file of a bundle can have.
NAMES = _RECEIPT | _EVIDENCE
_SIGNED = frozenset({"manifest.json", "manifest.sig"})
#: What each derived file is made of: the entries whose types begin so.
_SAYS: Mapping[str, tuple[str, ...]] = {"plan.json": ("plan.",), "result.json": ("step.", "verify.")}

_CASE = re.compile(r"[0-9a-f]{16,64}")
#: The shape of a line, a little narrower than that of any record: for a stranger's verifier one expression is enough.
_LINE = re.compile(
    rb'\{"actor":"[0-9a-f]{16}","body":\{[ -~]*\},"log":"[a-z0-9][a-z0-9./_-]{0,199}","prev":"[0-9a-f]{64}","seq":[1-9][0-9]{0,14},'
    rb'"sig":"[A-Za-z0-9+/]{85}[AQgw]==","ts":"[0-9T:-]{19}\.[0-9]{3}Z","type":"[a-z][a-z.]{0,39}","v":1\}'
)


@dataclass(frozen=True, slots=True)
class BundleVerdict:
    """What a check says: ``ok``, or the first fault.

    ``kind`` is ``evidence`` or ``receipt``, ``entries`` how many lines hold, ``checkpoint`` the three lines (name, size, root in
    base64) to compare with one that was kept elsewhere, ``doubted`` the numbers of entries that somebody else may have signed
    with a stolen key, ``identifiers`` what was opened, ``verifier`` the SHA-256 (hex) of the script in it. Empty with a fault.
    """

    ok: bool
    fault: TamperedError | None
    kind: str = ""
    case: str = ""
    entries: int = 0
    checkpoint: str = ""
    made: str = ""
    doubted: tuple[int, ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()
    verifier: str = ""

    @property
    def sentence(self) -> str:
        """One plain sentence for people. A receipt has few of the case's entries, and can't tell that no other was left out."""
        if self.fault:
            return self.fault.message
        if self.kind == "receipt":
            return f"It holds: {self.entries} entries, and none of them was changed. A receipt shows only its own entries."
        return f"It holds: {self.entries} entries, and none of them was changed or left out."


def check(files: Mapping[str, bytes]) -> BundleVerdict:
    """Whether a bundle holds. ``files`` has all that lies in its folder, by name. Nothing but the bundle is asked."""
    try:
        return _check(files)
    except TamperedError as fault:
        return BundleVerdict(False, fault)
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError):
        return BundleVerdict(False, FormError("Something in it has a form that no bundle has."))


def _check(files: Mapping[str, bytes]) -> BundleVerdict:
    kind = _check_names(files)
    manifest = _document(files["manifest.json"], "manifest.json")
    listed = listing(files)
    for name in sorted(listed):
        if manifest["files"].get(name) != listed[name]:
            raise ChangedFileError(f"{name} is not the file that the manifest names.")
    if not _CASE.fullmatch(manifest["case"]):
        raise FormError("The manifest names no case.")
    trail = _Lines(kind, manifest["log"], manifest["case"], files)
    last = trail.entries[-1]
    said = last_body(manifest["case"], trail.counted(manifest["case"]), trail.counted(KEYS), listed["verify.py"]["sha256"])
    if kind == "receipt":
        said["n"] = last.body["n"]
    if last.type != f"{kind}.make" or canonical(last.body) != canonical(said) or trail.proofs:
        raise LastLineError("The last line does not speak of the lines before it.")
    if canonical(manifest_of(kind, trail.log, last, files)) != files["manifest.json"]:
        raise LastLineError("The manifest does not speak of the last line.")
    checkpoint = _check_seals(files, trail, last)
    for name, text in derived(trail.entries).items():
        if files.get(name, text) != text:
            raise SaidError(f"{name} does not say what the entries say.")
    opened = _check_opened(files["opened.json"], trail.entries) if "opened.json" in files else ()
    doubted, verifier = trail.rights.doubted(), listed["verify.py"]["sha256"]
    return BundleVerdict(True, None, kind, manifest["case"], len(trail.entries), checkpoint, last.ts, doubted, opened, verifier)


# -- 1, 2: the files ---------------------------------------------------------------------------------------------------


def _check_names(files: Mapping[str, bytes]) -> str:
    if files.keys() == _RECEIPT:
        kind = "receipt"
    elif strange := sorted(files.keys() - NAMES):
        raise StrangeFileError(f"{strange[0]!a} does not belong to a bundle.")
    elif missing := sorted(_EVIDENCE - files.keys()):
        raise MissingFileError(f"{missing[0]} is missing.")
    else:
        kind = "evidence"
    for name, data in files.items():
        if len(data) > LARGEST:
            raise LargeFileError(f"{name} is larger than any file of a bundle.")
    return kind


def listing(files: Mapping[str, bytes]) -> dict[str, dict[str, Any]]:
    """What the manifest says of each file but itself and its signature."""
    named = {n: d for n, d in files.items() if n not in _SIGNED}
    return {n: {"sha256": sha256(d).hexdigest(), "size": len(d)} for n, d in named.items()}


def manifest_of(kind: str, log: str, last: Entry, files: Mapping[str, bytes]) -> dict[str, Any]:
    """The manifest of a bundle whose last line is this entry."""
    made = {"made": last.ts, "actor": last.actor, "case": last.body["case"]}
    return {"v": 1, "kind": kind, "log": log, **made, "files": listing(files)}


def last_body(case: str, n: int, keys: int, verifier: str) -> dict[str, Any]:
    """What the last line says: how many entries the case has and how many are about keys, and which script lies in the bundle."""
    return {"case": case, "n": n, "keys": keys, "verifier": verifier}


def _document(raw: bytes, name: str) -> Any:
    """Canonical JSON in UTF-8 with no numbers but whole ones of at most 15 characters."""

    def whole(digits: str) -> int:
        if len(digits) > 15:
            raise ValueError("a number that is too large")
        return int(digits)

    try:
        value = json.loads(raw.decode("utf-8"), parse_int=whole, parse_float=_refuse, parse_constant=_refuse)
        if canonical(value) != raw:
            raise ValueError("another form")
    except (ValueError, RecursionError):
        raise FormError(f"{name} is not JSON in its one form.") from None
    return value


def _hash(text: str) -> bytes:
    """32 bytes, from their one form in hex."""
    data = bytes.fromhex(text)
    if len(data) != 32 or data.hex() != text:
        raise ValueError("not 32 bytes in hex")
    return data


def _refuse(_: str) -> Any:
    raise ValueError("a number that is not whole")


# -- 3 to 7: the lines -------------------------------------------------------------------------------------------------


class _Lines:
    """The lines of a bundle, each held against those before it."""

    def __init__(self, kind: str, log: str, case: str, files: Mapping[str, bytes]) -> None:
        self.log, self.case = log, case
        self.entries: list[Entry] = []
        self.rights = Rights()
        self.root = b""
        self.proofs: dict[str, list[str]] = _document(files["proofs.json"], "proofs.json")
        self._kind = kind
        self._size = int(files["checkpoint.txt"].split()[1])
        self._counted: dict[str, int] = {}
        lines = files["trail.jsonl"].split(b"\n")
        if lines.pop() != b"":
            raise FormError("trail.jsonl ends in the middle of a line.")
        for number, raw in enumerate(lines, 1):
            self._add(raw, f"Line {number} of trail.jsonl")

    def counted(self, group: str) -> int:
        """How many lines belong to a case, or (``KEYS``) are about keys."""
        return self._counted.get(group, 0)

    def _add(self, raw: bytes, at: str) -> None:
        try:
            if not _LINE.fullmatch(raw):
                raise ValueError("another form")
            _document(raw, at)
            read = record.read(raw)
        except ValueError:
            raise FormError(f"{at} is not an entry in its one form.") from None
        entry = read.entry
        first = not self.entries
        if read.log != self.log or not (first or self.entries[-1].seq < entry.seq):
            raise ForeignLineError(f"{at} is of another log, or not in its place.")
        before = self._climb(entry, at)
        seq = entry.seq
        if first and seq != 1:
            raise LeftOutError("The opening of the log is left out.")
        public = self.rights.key_of(entry, seq)
        if not holds((public, read.signature, read.signed)):
            raise ChangedEntryError(seq)
        self.rights.check(entry, seq)
        self._count(entry, at)
        if entry.type == "plan.approve" and (entry.body.get("size"), entry.body.get("root")) != (seq - 1, before.hex()):
            raise ApprovalError(seq)
        self.rights.check_role(entry, seq)
        self.rights.admit(entry)
        self.entries.append(entry)

    def _climb(self, entry: Entry, at: str) -> bytes:
        path = [_hash(side) for side in self.proofs.pop(str(entry.seq), ())]
        try:
            root, before = climb(bytes.fromhex(entry.leaf), entry.seq, self._size, path)
        except ValueError:
            raise InclusionError(f"{at} has no proof that fits it.") from None
        if self.entries and root != self.root:
            raise InclusionError(f"{at} does not stand in the same log as those before it.")
        self.root = root
        return before

    def _count(self, entry: Entry, at: str) -> None:
        group = group_of(entry.type, entry.body)
        if group not in (KEYS, self.case):
            raise ForeignLineError(f"{at} is of another case.")
        self._counted[group] = self.counted(group) + 1
        number = entry.body.get("n")
        if (self._kind, entry.type) == ("receipt", "receipt.make"):
            return  # a receipt holds the opening of a case and its own entry, and leaves out what lies between
        if number is not None and (type(number) is not int or number != self._counted[group]):
            raise LeftOutError(f"Before {at[0].lower()}{at[1:]} an entry is left out.")


# -- 9 to 11: what stands on the lines -----------------------------------------------------------------------------------


def _check_seals(files: Mapping[str, bytes], trail: _Lines, last: Entry) -> str:
    public = trail.rights.keys[last.actor].public
    text = f"{trail.log}\n{last.seq}\n{record.encode_bytes(trail.root)}\n"
    note, prefix = files["checkpoint.txt"], f"{text}\n\u2014 {trail.log} ".encode()
    try:
        stamp, seal = record.decode_bytes(note[len(prefix) : -1].decode("ascii")), _sealed(files["manifest.sig"])
    except ValueError:
        raise SealError("A signature is not in its one form.") from None
    if not note.startswith(prefix) or note[-1:] != b"\n" or stamp[:4] != note_hash(trail.log, public):
        raise SealError("checkpoint.txt is not over these lines.")
    if not holds((public, stamp[4:], text.encode("utf-8"))):
        raise SealError("checkpoint.txt was changed after it was signed.")
    if not holds((public, seal, CONTEXT + files["manifest.json"])):
        raise SealError("manifest.json was changed after it was signed.")
    return text


def _sealed(line: bytes) -> bytes:
    text = line.decode("ascii")
    if not text.endswith("\n"):
        raise ValueError("not a line")
    return record.decode_bytes(text[:-1])


def derived(entries: Sequence[Entry]) -> dict[str, bytes]:
    """``plan.json`` and ``result.json``: the entries that speak of plans, and of what was done and proved."""
    return {name: canonical([_told(e) for e in entries if e.type.startswith(kinds)]) for name, kinds in _SAYS.items()}


def _told(entry: Entry) -> dict[str, Any]:
    return {"seq": entry.seq, "type": entry.type, "actor": entry.actor, "body": dict(entry.body)}


def commitments(entries: Sequence[Entry]) -> Iterator[str]:
    """What the case says of who it is about, in order: commitments to identifiers, in hex."""
    for entry in entries:
        if entry.type in ("case.open", "case.people"):
            yield from entry.body["identifiers"]


def _check_opened(raw: bytes, entries: Sequence[Entry]) -> tuple[tuple[str, str], ...]:
    opened = _document(raw, "opened.json")
    key, given = _hash(opened["k_commit"]), [(kind, value) for kind, value in opened["identifiers"]]
    made = [hmac.digest(key, "\n".join(("dsr-desk/subject/v1", *pair)).encode("utf-8"), "sha256").hex() for pair in given]
    if not made or made != list(commitments(entries)):
        raise OpenedError("opened.json does not open what the entries say.")
    return tuple(given)


__all__ = ["LARGEST", "NAMES", "BundleError", "BundleVerdict", "check", "commitments", "derived", "last_body", "manifest_of"]

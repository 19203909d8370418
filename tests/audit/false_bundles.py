"""Bundles that must not hold: files missing, strange or changed; manifests and seals that say something else.

Each is named by its defect. In all but the first three groups the manifest fits the files again and is well signed: whoever makes
such a bundle holds a key.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from dsr_desk.audit.checkpoint import note_hash
from tests.audit.stories import ADA, BOB, LOG, OTHER, ROOT, Bundle, b64, dumps, erased
from tests.audit.true_bundles import TRUE

#: Bytes; ``None`` for no such file; else what stands in its place: a folder, a link, or so many bytes.
File = bytes | None | dict[str, Any]
Files = dict[str, File]
Defect = tuple[str, Files]


def whole(base: str = "erasure") -> dict[str, bytes]:
    return TRUE[base]().written()


def against(base: str, files: Mapping[str, bytes]) -> Defect:
    """The defect as what differs from a bundle that holds."""
    true = whole(base)
    changed: Files = {n: d for n, d in files.items() if true.get(n) != d}
    return base, changed | dict.fromkeys(true.keys() - files.keys())


def _files() -> Iterator[tuple[str, Defect]]:
    for base in ("erasure", "receipt"):
        for name in sorted(whole(base)):
            yield f"{base}-without-{name}", (base, {name: None})
    for name, other in (
        ("trail.jsonl", "Trail.jsonl"),
        ("trail.jsonl", "trail.json"),
        ("manifest.json", "manifest.JSON"),
        ("verify.py", "verify.py.txt"),
        ("report.pdf", "report (1).pdf"),
    ):
        yield f"renamed-{name}-to-{other.replace(' ', '-')}", ("erasure", {name: None, other: whole()[name]})
    for name in (".DS_Store", "notes.txt", "report2.pdf", "trail.jsonl~", "hashlib.py", "sitecustomize.py"):
        yield f"added-{name}", ("erasure", {name: b"more\n"})
    yield "added-a-folder", ("erasure", {"__pycache__": {"folder": True}})
    yield "added-a-folder-that-python-would-import", ("erasure", {"json": {"folder": True}})
    yield "added-opened.json-that-nobody-signed", ("erasure", {"opened.json": whole("opened")["opened.json"]})
    yield "added-plan.json-to-a-receipt", ("receipt", {"plan.json": b"[]"})
    yield "report.pdf-is-a-link", ("erasure", {"report.pdf": {"link": "report.json"}})
    yield "report.pdf-is-a-link-out-of-the-folder", ("erasure", {"report.pdf": {"link": "../../etc/hostname"}})
    yield "plan.json-is-a-link-to-the-same-bytes", ("access", {"plan.json": {"link": "result.json"}})
    yield "trail.jsonl-is-a-link-to-nothing", ("erasure", {"trail.jsonl": {"link": "nothing"}})
    yield "README.txt-is-a-folder", ("erasure", {"README.txt": {"folder": True}})
    yield "report.pdf-is-huge", ("erasure", {"report.pdf": {"size": (1 << 25) + 1}})
    made = TRUE["access"]()
    large = made(more={**made.more, "report.pdf": b" " * ((1 << 25) + 1)})
    yield "report.pdf-is-huge-and-the-manifest-says-so", against("access", large.written())
    yield "trail.jsonl-is-huge", ("erasure", {"trail.jsonl": {"size": (1 << 25) + 1}})


def _changed() -> Iterator[tuple[str, Defect]]:
    files = whole("opened")
    for name, data in sorted(files.items()):
        middle = len(data) // 2
        yield f"one-bit-of-{name}", ("opened", {name: data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]})
        yield f"{name}-cut-in-half", ("opened", {name: data[:middle]})
        yield f"{name}-with-more-at-its-end", ("opened", {name: data + b"\n"})
        yield f"{name}-empty", ("opened", {name: b""})


def _manifests() -> Iterator[tuple[str, Defect]]:
    made = TRUE["erasure"]()
    true = json.loads(made.written()["manifest.json"])

    def says(**what: Any) -> Defect:
        return against("erasure", made(says=what).written())

    def instead(raw: bytes) -> Defect:
        return against("erasure", made(files={"manifest.json": raw}).written())

    yield "manifest-of-version-2", says(v=2)
    yield "manifest-of-version-true", says(v=True)
    yield "manifest-of-version-1.0", instead(dumps({**true, "v": 1.0}))
    yield "manifest-of-no-version", says(v=...)
    yield "manifest-of-a-receipt", says(kind="receipt")
    yield "manifest-of-an-unknown-kind", says(kind="proof")
    yield "manifest-of-another-log", says(log="dsr-desk/fedcba9876543210")
    yield "manifest-of-another-case", says(case=OTHER)
    yield "manifest-of-a-case-that-is-no-text", says(case=5)
    yield "manifest-of-a-case-that-is-no-case", says(case="keys")
    yield "manifest-made-later", says(made="2027-01-01T00:00:00.000Z")
    yield "manifest-of-another-key", says(actor=BOB.key_id)
    yield "manifest-with-one-field-more", says(note="x")
    yield "manifest-without-log", says(log=...)
    yield "manifest-without-files", says(files=...)
    yield "manifest-with-files-in-a-list", says(files=sorted(true["files"]))
    less = {n: f for n, f in true["files"].items() if n != "report.pdf"}
    yield "manifest-that-leaves-a-file-out", says(files=less)
    yield "manifest-that-names-a-file-more", says(files={**true["files"], "more.txt": true["files"]["report.pdf"]})
    yield "manifest-that-names-a-path", says(files={**less, "../report.pdf": true["files"]["report.pdf"]})
    yield "manifest-that-names-itself", says(files={**true["files"], "manifest.sig": true["files"]["report.pdf"]})
    pdf = true["files"]["report.pdf"]
    yield "manifest-with-another-size", says(files={**true["files"], "report.pdf": {**pdf, "size": pdf["size"] + 1}})
    yield "manifest-with-a-size-in-text", says(files={**true["files"], "report.pdf": {**pdf, "size": str(pdf["size"])}})
    yield "manifest-with-an-upper-case-hash", says(files={**true["files"], "report.pdf": {**pdf, "sha256": pdf["sha256"].upper()}})
    yield "manifest-with-a-field-more-for-a-file", says(files={**true["files"], "report.pdf": {**pdf, "md5": "00"}})
    raw = dumps(true)
    yield "manifest-with-blanks", instead(json.dumps(true, sort_keys=True).encode())
    yield "manifest-in-another-order", instead(json.dumps(dict(reversed(true.items())), separators=(",", ":")).encode())
    yield "manifest-with-a-key-twice", instead(raw[:-1] + b',"v":1}')
    yield "manifest-with-a-line-end", instead(raw + b"\n")
    yield "manifest-with-a-byte-order-mark", instead(b"\xef\xbb\xbf" + raw)
    yield "manifest-in-utf-16", instead(raw.decode().encode("utf-16"))
    yield "manifest-that-is-no-json", instead(b"{")
    yield "manifest-that-is-no-object", instead(b"[]")
    yield "manifest-that-is-null", instead(b"null")
    yield "manifest-nested-a-thousand-times", instead(b"[" * 100_000)
    yield "manifest-with-a-huge-number", instead(raw.replace(b'"v":1', b'"v":' + b"9" * 5000))
    yield "manifest-with-nan", instead(raw.replace(b'"v":1', b'"v":NaN'))
    yield "manifest-with-bytes-that-are-no-text", instead(raw.replace(b'"v":1', b'"v":"\xff"'))


def _seals() -> Iterator[tuple[str, Defect]]:
    made = TRUE["erasure"]()
    manifest = made.written()["manifest.json"]
    sealed = b"dsr-desk/evidence/v1\n" + manifest

    def seal(raw: bytes) -> Defect:
        return against("erasure", made(files={"manifest.sig": raw}).written())

    good = b64(ADA.sign(sealed)).encode()
    yield "seal-by-another-key", seal(b64(BOB.sign(sealed)).encode() + b"\n")
    yield "seal-by-the-root-key", seal(b64(ROOT.sign(sealed)).encode() + b"\n")
    yield "seal-without-its-context", seal(b64(ADA.sign(manifest)).encode() + b"\n")
    yield "seal-under-the-context-of-entries", seal(b64(ADA.sign(b"dsr-desk/audit-entry/v1\n" + manifest)).encode() + b"\n")
    yield "seal-over-another-manifest", seal(b64(ADA.sign(sealed + b" ")).encode() + b"\n")
    yield "seal-without-a-line-end", seal(good)
    yield "seal-with-two-lines", seal(good + b"\n" + good + b"\n")
    yield "seal-with-crlf", seal(good + b"\r\n")
    yield "seal-with-stray-bits-in-base64", seal(_stray(good) + b"\n")
    yield "seal-without-padding", seal(good.rstrip(b"=") + b"\n")
    yield "seal-in-hex", seal(ADA.sign(sealed).hex().encode() + b"\n")
    yield "seal-of-63-bytes", seal(b64(ADA.sign(sealed)[:63]).encode() + b"\n")
    yield "seal-of-65-bytes", seal(b64(ADA.sign(sealed) + b"\0").encode() + b"\n")
    yield "seal-of-zeros", seal(b64(bytes(64)).encode() + b"\n")


def _stray(base64: bytes) -> bytes:
    """The same bytes in base64 with bits that decode to nothing."""
    letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    body = base64.rstrip(b"=")
    return body[:-1] + bytes([letters[letters.index(body[-1]) + 1]]) + base64[len(body) :]


def _notes() -> Iterator[tuple[str, Defect]]:
    story = erased()
    made = story.bundle()
    size = len(story.raws)
    good = made.note

    def note(raw: bytes, base: str = "erasure") -> Defect:
        return against(base, made(note=raw).written())

    head, _, tail = good.partition(b"\n\n")
    lines = head.split(b"\n")
    mark, name, stamp = tail.strip().split(b" ")
    yield "checkpoint-of-another-log", note(story.note(log="dsr-desk/fedcba9876543210"))
    yield "checkpoint-over-fewer-entries", note(story.note(size=size - 1))
    longer = erased()
    longer.bundle()
    longer.add("desk.open")
    yield "checkpoint-over-more-entries", note(longer.note())
    yield "checkpoint-with-another-root", note(good.replace(lines[2], b64(story.root(size - 1)).encode()))
    yield "checkpoint-signed-over-another-root", note(_signed([lines[0], lines[1], b64(bytes(32)).encode()]))
    yield "checkpoint-signed-over-another-size", note(_signed([lines[0], b"%d" % (size + 1), lines[2]]))
    yield "checkpoint-by-a-key-nobody-admitted", note(story.note(BOB))
    yield "checkpoint-by-the-root-key", note(story.note(ROOT))
    yield "checkpoint-that-names-another-key", note(_tail(head, mark, name, story.note(BOB).split()[-1][:4] + stamp[4:]))
    ours = note_hash(LOG, ADA.public)
    text = b"".join(line + b"\n" for line in lines)
    yield "checkpoint-signed-by-another-key", note(_tail(head, mark, name, b64(ours + BOB.sign(text)).encode()))
    yield "checkpoint-with-a-signature-of-zeros", note(_tail(head, mark, name, b64(ours + bytes(64)).encode()))
    yield "checkpoint-under-another-name", note(_tail(head, mark, b"other", stamp))
    yield "checkpoint-with-a-hyphen", note(_tail(head, b"-", name, stamp))
    yield "checkpoint-with-an-extension-line", note(_signed([*lines, b"more"]))
    yield "checkpoint-with-two-signatures", note(good + tail)
    yield "checkpoint-without-a-signature", note(head + b"\n\n")
    yield "checkpoint-without-an-empty-line", note(head + b"\n" + tail)
    yield "checkpoint-without-a-line-end", note(good[:-1])
    yield "checkpoint-with-crlf", note(good.replace(b"\n", b"\r\n"))
    yield "checkpoint-with-stray-bits-in-base64", note(_tail(head, mark, name, _stray(stamp)))
    yield "checkpoint-with-a-padded-size", note(_signed([lines[0], b"0" + lines[1], lines[2]]))
    yield "checkpoint-with-a-signed-size", note(_signed([lines[0], b"+" + lines[1], lines[2]]))
    yield "checkpoint-with-a-size-beyond-all", note(_signed([lines[0], b"9" * 400, lines[2]]))
    yield "checkpoint-with-a-size-of-zero", note(_signed([lines[0], b"0", lines[2]]))
    yield "checkpoint-that-is-one-word", note(b"checkpoint\n")


def _signed(lines: list[bytes]) -> bytes:
    from tests.audit.stories import noted

    return noted("".join(line.decode() + "\n" for line in lines), ADA, LOG)


def _tail(head: bytes, mark: bytes, name: bytes, stamp: bytes) -> bytes:
    return head + b"\n\n" + mark + b" " + name + b" " + stamp + b"\n"


def _proofs() -> Iterator[tuple[str, Defect]]:
    made = TRUE["erasure"]()
    true: dict[str, list[str]] = made.proofs
    seqs = sorted(true, key=int)

    def proofs(other: Any) -> Defect:
        return against("erasure", made(proofs=other).written())

    for at in (seqs[0], seqs[3], seqs[-1]):
        path = true[at]
        yield f"proof-of-entry-{at}-missing", proofs({s: p for s, p in true.items() if s != at})
        yield f"proof-of-entry-{at}-empty", proofs({**true, at: []})
        yield f"proof-of-entry-{at}-too-short", proofs({**true, at: path[:-1]})
        yield f"proof-of-entry-{at}-too-long", proofs({**true, at: [*path, path[-1]]})
        yield f"proof-of-entry-{at}-in-another-order", proofs({**true, at: path[::-1]})
        yield f"proof-of-entry-{at}-with-another-hash", proofs({**true, at: ["00" * 32, *path[1:]]})
    yield "proofs-swapped", proofs({**true, seqs[1]: true[seqs[2]], seqs[2]: true[seqs[1]]})
    yield "proof-of-an-entry-that-is-not-there", proofs({**true, "5": true[seqs[3]]})
    yield "proof-under-a-padded-number", proofs({(f"0{s}" if s == seqs[0] else s): p for s, p in true.items()})
    yield "proofs-that-are-no-hashes", proofs({**true, seqs[0]: ["zz"]})
    yield "proofs-that-are-numbers", proofs({**true, seqs[0]: [1, 2, 3]})
    yield "proofs-in-upper-case", proofs({**true, seqs[0]: [side.upper() for side in true[seqs[0]]]})
    yield "proofs-in-a-list", proofs([true[s] for s in seqs])
    yield "proofs-that-are-null", proofs(None)


def _said() -> Iterator[tuple[str, Defect]]:
    made = TRUE["erasure"]()
    files = made.written()

    def said(name: str, value: Any) -> Defect:
        return against("erasure", made(files={name: value if isinstance(value, bytes) else dumps(value)}).written())

    for name in ("plan.json", "result.json"):
        told = json.loads(files[name])
        yield f"{name}-leaves-the-last-entry-out", said(name, told[:-1])
        yield f"{name}-leaves-the-first-entry-out", said(name, told[1:])
        yield f"{name}-says-nothing", said(name, [])
        yield f"{name}-says-one-entry-twice", said(name, [*told, told[-1]])
        yield f"{name}-says-another-number", said(name, [{**told[0], "seq": told[0]["seq"] + 1}, *told[1:]])
        yield f"{name}-says-another-body", said(name, [*told[:-1], {**told[-1], "body": {**told[-1]["body"], "n": 99}}])
        yield f"{name}-says-more-than-the-entry", said(name, [*told[:-1], {**told[-1], "note": "fine"}])
        yield f"{name}-with-blanks", said(name, json.dumps(told).encode())
        yield f"{name}-with-a-line-end", said(name, files[name] + b"\n")
    leftover = files["result.json"].replace(b'"erased":4', b'"erased":9')
    assert leftover != files["result.json"]
    yield "result.json-says-more-was-erased", said("result.json", leftover)


def _opened() -> Iterator[tuple[str, Defect]]:
    for base in ("opened", "receipt"):
        made = TRUE[base]()
        true = json.loads(made.more["opened.json"])
        pairs = true["identifiers"]

        def says(value: Any, base: str = base, made: Bundle = made) -> Defect:
            raw = value if isinstance(value, bytes) else dumps(value)
            return against(base, made(more={**made.more, "opened.json": raw}).written())

        yield f"{base}-under-another-key", says({**true, "k_commit": "00" * 32})
        yield f"{base}-with-another-value", says({**true, "identifiers": [["email", "bob@example.org"], *pairs[1:]]})
        yield f"{base}-with-another-kind", says({**true, "identifiers": [["phone", pairs[0][1]], *pairs[1:]]})
        yield f"{base}-with-one-identifier-less", says({**true, "identifiers": pairs[:-1]})
        yield f"{base}-with-one-identifier-more", says({**true, "identifiers": [*pairs, pairs[0]]})
        yield f"{base}-in-another-order", says({**true, "identifiers": pairs[::-1]})
        yield f"{base}-with-nothing", says({**true, "identifiers": []})
        yield f"{base}-without-a-key", says({"identifiers": pairs})
        yield f"{base}-with-a-key-that-is-none", says({**true, "k_commit": "key"})
        yield f"{base}-with-a-key-in-upper-case", says({**true, "k_commit": true["k_commit"].upper()})
        yield f"{base}-with-a-number-for-a-value", says({**true, "identifiers": [["email", 5], *pairs[1:]]})
        yield f"{base}-escaped", says(json.dumps(true, sort_keys=True, separators=(",", ":")).encode())


_GROUPS: tuple[Callable[[], Iterator[tuple[str, Defect]]], ...] = (
    _files,
    _changed,
    _manifests,
    _seals,
    _notes,
    _proofs,
    _said,
    _opened,
)


def false_bundles() -> dict[str, Defect]:
    """Every bundle of this file, by its defect."""
    found = [pair for group in _GROUPS for pair in group()]
    assert len(dict(found)) == len(found)
    return dict(found)

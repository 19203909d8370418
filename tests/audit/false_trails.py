"""Bundles whose entries must not hold: changed, left out, foreign, or signed by somebody who may not.

Everything around the entries fits them again: proofs, checkpoint, manifest and seals are those that their maker would make.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from tests.audit.false_bundles import Defect, _stray, against
from tests.audit.stories import (
    ADA,
    BOB,
    CASE,
    CYD,
    DIGEST,
    EVE,
    OTHER,
    ROOT,
    Story,
    b64,
    begun,
    carried_out,
    dumps,
    erased,
    line,
    opened_with,
    opening,
    planned,
)
from tests.audit.true_bundles import TRUE

#: Which line of the erasure's ``trail.jsonl`` is the opening of its case.
OPEN = 2


def _lines() -> Iterator[tuple[str, Defect]]:
    made = erased().bundle()
    raws = made.lines

    def lines(other: list[bytes], **more: Any) -> Defect:
        return against("erasure", made(lines=other, **more).written())

    def at(number: int, raw: bytes) -> Defect:
        """Another line in place of one, in the log, too: its proof and all that is over it fit it."""
        return _grafted(number, raw)

    fields = {k: v for k, v in json.loads(raws[OPEN]).items() if k != "sig"}
    open_ = raws[OPEN]
    for number, what in (
        (0, "the-root"),
        (1, "a-key"),
        (OPEN, "the-case"),
        (4, "the-plan"),
        (5, "the-approval"),
        (6, "the-intent"),
    ):
        yield f"line-of-{what}-left-out", lines([r for n, r in enumerate(raws) if n != number])
    yield "last-line-left-out", lines(raws[:-1])
    yield "two-lines-swapped", lines([*raws[:3], raws[4], raws[3], *raws[5:]])
    renewed = TRUE["key-renewed"]()
    key = next(n for n, r in enumerate(renewed.lines) if BOB.public.hex().encode() in r)
    mixed = [*renewed.lines[: key - 1], renewed.lines[key], renewed.lines[key - 1], *renewed.lines[key + 1 :]]
    yield "a-line-about-keys-and-one-of-the-case-swapped", against("key-renewed", renewed(lines=mixed).written())
    yield "one-line-twice", lines([*raws[:3], raws[3], *raws[3:]])
    yield "no-lines", lines([])
    yield "an-empty-line", lines([*raws[:3], b"", *raws[3:]])
    yield "crlf", lines([r + b"\r" for r in raws])
    yield "no-line-end-after-the-last", against("erasure", made(files={"trail.jsonl": b"\n".join(raws)}).written())
    yield "a-body-changed", lines([*raws[:OPEN], open_.replace(b"erasure", b"erasurf"), *raws[OPEN + 1 :]])
    yield "a-body-changed-and-all-fitted", at(OPEN, open_.replace(b"erasure", b"erasurf"))
    yield "a-time-changed-and-all-fitted", at(OPEN, open_.replace(b"T09:30", b"T09:31"))
    yield "a-number-changed-and-all-fitted", at(OPEN, open_.replace(b'"seq":4', b'"seq":5'))
    yield "a-type-changed-and-all-fitted", at(OPEN, open_.replace(b"case.open", b"case.view"))
    yield "an-actor-changed-and-all-fitted", at(1, raws[1].replace(ROOT.key_id.encode(), ADA.key_id.encode()))
    yield "a-signature-of-another-entry", at(OPEN, dumps({**fields, "sig": json.loads(raws[3])["sig"]}))
    yield "a-signature-by-another-key", at(OPEN, line(fields, BOB))
    yield (
        "a-signature-under-another-context",
        at(OPEN, dumps({**fields, "sig": b64(ADA.sign(b"dsr-desk/evidence/v1\n" + dumps(fields)))})),
    )
    yield "stray-bits-in-the-base64-of-a-signature", at(OPEN, _restrayed(open_))
    yield "a-blank-in-an-entry", at(OPEN, open_.replace(b'"body":', b'"body": '))
    yield "an-escape-in-an-entry", at(OPEN, open_.replace(b"erasure", b"\\u0065rasure"))
    yield "a-field-more", at(OPEN, line({**fields, "zone": "UTC"}, ADA))
    yield "a-field-more-beside-the-body", at(OPEN, line({**fields, "bodz": {}}, ADA))
    yield "a-field-less", at(OPEN, line({k: v for k, v in fields.items() if k != "prev"}, ADA))
    yield "a-field-twice", at(OPEN, open_[:-1] + b',"v":1}')
    yield "an-entry-of-version-2", at(OPEN, line({**fields, "v": 2}, ADA))
    yield "an-entry-with-a-fraction", at(OPEN, line({**fields, "body": {**fields["body"], "rows": 1.5}}, ADA))
    yield "an-entry-with-a-huge-number", at(OPEN, line({**fields, "body": {**fields["body"], "rows": 10**15}}, ADA))
    yield "an-entry-that-is-not-ascii", at(OPEN, line({**fields, "body": {**fields["body"], "who": "Zo\u00eb"}}, ADA))
    yield "an-entry-with-a-list-for-a-body", at(OPEN, line({**fields, "body": []}, ADA))
    yield "an-entry-with-a-number-in-text", at(OPEN, line({**fields, "seq": "4"}, ADA))
    yield "an-entry-that-is-too-long", at(OPEN, line({**fields, "body": {**fields["body"], "rows": [0] * 33_000}}, ADA))
    yield "an-entry-at-another-kind-of-time", at(OPEN, line({**fields, "ts": "2026-11-03 09:30:00"}, ADA))
    yield "an-entry-of-no-type", at(OPEN, line({**fields, "type": "CASE"}, ADA))
    yield "an-entry-that-is-no-object", at(OPEN, b"[]")
    yield "an-entry-of-another-log", at(OPEN, line({**fields, "log": "dsr-desk/fedcba9876543210"}, ADA))
    yield "an-entry-of-another-case", at(OPEN, line({**fields, "body": {**fields["body"], "case": OTHER}}, ADA))
    yield "an-entry-of-no-case", at(OPEN, line({**fields, "body": {"right": "erasure", "n": 1}}, ADA))
    other = erased()
    story = Story("dsr-desk/fedcba9876543210")
    story.raws, story.frontiers, story.counted = other.raws, other.frontiers, other.counted
    yield "a-whole-bundle-under-another-log's-name", against("erasure", story.bundle().written())


def _restrayed(raw: bytes) -> bytes:
    sig = json.loads(raw)["sig"].encode()
    return raw.replace(sig, _stray(sig))


def _grafted(number: int, raw: bytes) -> Defect:
    """The erasure's log with this in place of one entry, and the same entries after it."""
    true = erased()
    mine = [json.loads(r)["seq"] for r in true.bundle().lines]
    story = Story()
    for seq, old in enumerate(true.raws, 1):
        if seq == mine[number]:
            story.put(raw)
            continue
        entry = json.loads(old)
        by = {k.key_id: k for k in (ROOT, ADA)}[entry["actor"]]
        body = entry["body"] | ({"size": seq - 1, "root": story.root().hex()} if entry["type"] == "plan.approve" else {})
        story.put(line({**{k: v for k, v in entry.items() if k != "sig"}, "body": body}, by))
    from dsr_desk.audit.inclusion import paths
    from dsr_desk.audit.tree import leaf_hash

    proofs = paths([leaf_hash(r) for r in story.raws], mine)
    made = true.bundle()
    new = {str(seq): [side.hex() for side in path] for seq, path in proofs.items()}
    return against("erasure", made(lines=[story.raws[s - 1] for s in mine], proofs=new, note=story.note()).written())


def _key(who: Any, role: str = "approver", **more: Any) -> dict[str, Any]:
    return {"key": who.public.hex(), "role": role, **more}


def _after(*acts: tuple[str, dict[str, Any], Any], by: Any = ADA, roles: tuple[Any, ...] = ()) -> Defect:
    """An erasure, and then something that may not be."""
    story = erased(*roles)
    for type, body, who in acts:
        story.add(type, body, who)
    return against("erasure", story.bundle(by=by).written())


def _keys() -> Iterator[tuple[str, Defect]]:
    view = {"case": CASE}
    yield "an-entry-by-a-key-nobody-admitted", _after(("case.view", view, EVE))
    yield "an-entry-by-the-root-key", _after(("case.view", view, ROOT))
    yield "a-key-admitted-by-an-operator", _after(("key.add", _key(BOB), ADA))
    yield "a-key-that-admits-itself", _after(("key.add", _key(BOB), BOB))
    yield "a-key-admitted-twice", _after(("key.add", _key(ADA), ROOT))
    yield "the-root-key-admitted-as-an-operator", _after(("key.add", _key(ROOT), ROOT))
    yield "a-key-of-31-bytes", _after(("key.add", {**_key(BOB), "key": BOB.public.hex()[:62]}, ROOT))
    yield "a-key-in-upper-case", _after(("key.add", {**_key(BOB), "key": BOB.public.hex().upper()}, ROOT))
    yield "a-key-that-is-no-hex", _after(("key.add", {**_key(BOB), "key": "key"}, ROOT))
    yield "a-key-that-is-a-number", _after(("key.add", {**_key(BOB), "key": 5}, ROOT))
    yield "a-key-without-a-role", _after(("key.add", {"key": BOB.public.hex()}, ROOT))
    yield "a-key-in-an-unknown-role", _after(("key.add", _key(BOB, "owner"), ROOT))
    yield "a-key-in-a-list-of-roles", _after(("key.add", {**_key(BOB), "role": ["approver"]}, ROOT))
    yield "a-log-opened-twice", _after(("log.open", {"key": ROOT.public.hex()}, ROOT))
    yield "a-log-opened-again-by-another-root", _after(("log.open", {"key": EVE.public.hex()}, EVE))
    bob = ((BOB, "approver"),)
    retired = ("key.retire", {"key_id": BOB.key_id}, ROOT)
    stolen = ("key.compromise", {"key_id": BOB.key_id, "since": 3}, ROOT)
    yield "an-entry-by-a-retired-key", _after(retired, ("case.view", view, BOB), roles=bob)
    yield "an-entry-by-a-stolen-key", _after(stolen, ("case.view", view, BOB), roles=bob)
    yield "a-bundle-by-a-retired-key", _after(retired, by=BOB, roles=bob)
    yield "a-bundle-by-a-stolen-key", _after(stolen, by=BOB, roles=bob)
    yield "a-bundle-by-the-root-key", _after(by=ROOT)
    yield "a-retired-key-admitted-again", _after(retired, ("key.add", _key(BOB), ROOT), roles=bob)
    yield "a-key-retired-by-an-operator", _after(("key.retire", {"key_id": BOB.key_id}, ADA), roles=bob)
    yield "an-unknown-key-retired", _after(("key.retire", {"key_id": EVE.key_id}, ROOT))
    yield "the-root-key-retired", _after(("key.retire", {"key_id": ROOT.key_id}, ROOT))
    yield "no-key-retired", _after(("key.retire", {}, ROOT))
    for what, since in (("zero", 0), ("a-text", "3"), ("true", True), ("an-entry-to-come", 99), ("nothing", None)):
        body = {"key_id": BOB.key_id, "since": since}
        yield f"a-key-stolen-since-{what}", _after(("key.compromise", body, ROOT), roles=bob)
    for what, asked in (("no", 0), ("fewer-than-no", -1), ("true", True), ("a-text-of", "2")):
        yield f"{what}-approvals-asked-for", _after(("policy.set", {"approvals": asked}, ROOT))
    yield "approvals-asked-for-by-an-operator", _after(("policy.set", {"approvals": 1}, ADA))
    story = Story()
    story.add("log.open", {"key": ROOT.public.hex()}, EVE)
    story.add("key.add", _key(ADA), ROOT)
    yield "a-log-opened-by-another-key", against("access", begun(story).bundle().written())
    story = Story()
    story.add("desk.open", {}, ADA)
    story.add("log.open", {"key": ROOT.public.hex()}, ROOT)
    story.add("key.add", _key(ADA), ROOT)
    yield "a-log-opened-late", against("access", begun(story).bundle().written())
    story = Story()
    story.add("key.add", _key(ADA), ADA)
    yield "a-log-that-nobody-opened", against("access", begun(story).bundle().written())


def _roles() -> Iterator[tuple[str, Defect]]:
    agent, auditor = ((BOB, "agent"),), ((CYD, "auditor"),)
    story = planned(opening(*agent))
    story.approve(BOB)
    yield "an-approval-by-an-agent", against("erasure", carried_out(story).bundle().written())
    story = planned(opening(*auditor))
    story.approve(CYD)
    yield "an-approval-by-an-auditor", against("erasure", carried_out(story).bundle().written())
    yield "a-hold-released-by-an-agent", _after(("hold.release", {"case": CASE, "hold": "5e" * 8}, BOB), roles=agent)
    for type in ("case.open", "search.run", "plan.make", "step.done", "verify.pass", "case.close", "reveal", "export.make"):
        body = {"case": CASE, "digest": DIGEST, "system": "shop", "right": "erasure", "identifiers": []}
        yield f"{type}-by-an-auditor", _after((type, body, CYD), roles=auditor)


def _numbers() -> Iterator[tuple[str, Defect]]:
    for what, n in (("skips-one", 99), ("stands-again", 1), ("true", True), ("a-text", "9"), ("zero", 0)):
        yield f"a-number-of-the-case-that-{what}", _after(("case.view", {"case": CASE, "n": n}, ADA))
    yield "a-number-of-the-keys-that-skips-one", _after(("key.add", _key(BOB, n=9), ROOT))

    def says(**what: Any) -> Defect:
        return against("erasure", erased().bundle(**what).written())

    yield "a-last-line-that-counts-one-less", says(n=9)
    yield "a-last-line-that-counts-one-more", says(n=11)
    yield "a-last-line-that-does-not-count", says(n=None)
    yield "a-last-line-that-counts-a-key-less", says(keys=1)
    yield "a-last-line-that-counts-a-key-more", says(keys=3)
    yield "a-last-line-that-counts-in-text", says(keys="2")
    yield "a-last-line-with-another-script", says(verifier="00" * 32)
    yield "a-last-line-with-more-to-say", says(note="fine")
    story = erased()
    yield "a-last-line-of-another-kind", against("erasure", story.bundle("evidence", make=False).written())
    story = erased()
    story.about("report.make", hash="ee" * 32)
    yield "a-last-line-that-is-a-report", against("erasure", story.bundle("evidence", make=False).written())
    story = erased()
    story.bundle()
    story.about("case.view")
    yield "a-line-after-the-last", against("erasure", story.bundle(make=False).written())
    story = erased()
    made = story.bundle()
    story.add("desk.open")
    yield "a-log-that-went-on", against("erasure", made(note=story.note()).written())
    made = erased().bundle("receipt", opened=opened_with(), keys=5)
    yield "a-receipt-that-counts-other-keys", against("receipt", made.written())
    made = erased().bundle("receipt", opened=opened_with())
    yield "a-receipt-without-the-opening-of-the-case", against("receipt", made(lines=[*made.lines[:2], made.lines[-1]]).written())
    yield "a-receipt-without-its-own-entry", against("receipt", made(lines=made.lines[:-1]).written())
    story = opening()
    story.about("case.open", right="access", identifiers=[], n=1)
    yield "a-receipt-for-nobody", against("receipt", story.bundle("receipt", opened=opened_with([])).written())
    yield "a-receipt-sold-as-evidence", against("receipt", made(says={"kind": "evidence"}).written())


def _approvals() -> Iterator[tuple[str, Defect]]:
    def carried(prepare: Callable[[Story], object], *more: Any, by: Any = ADA) -> Defect:
        story = planned(opening(*more))
        prepare(story)
        return against("erasure", carried_out(story, by).bundle(by=by).written())

    bob = (BOB, "approver")

    def two(*who: Any) -> Callable[[Story], object]:
        def prepare(story: Story) -> None:
            story.add("policy.set", {"approvals": 2}, ROOT)
            for one in who:
                story.approve(one)

        return prepare

    def stolen(story: Story) -> None:
        seq = story.approve(BOB)
        story.add("key.compromise", {"key_id": BOB.key_id, "since": seq}, ROOT)

    def stolen_of_two(story: Story) -> None:
        two(ADA, BOB)(story)
        story.add("key.compromise", {"key_id": BOB.key_id, "since": len(story.raws)}, ROOT)

    def fewer(story: Story) -> None:
        two(ADA)(story)
        story.add("policy.set", {"approvals": 1}, ROOT)

    yield "begun-without-an-approval", carried(lambda story: None)
    yield "begun-on-the-approval-of-another-plan", carried(lambda story: story.approve(digest="cd" * 32))
    yield "begun-on-one-of-two-approvals", carried(two(ADA), bob)
    yield "begun-on-two-approvals-of-one-person", carried(two(ADA, ADA), bob)
    yield "begun-on-a-stolen-approval", carried(stolen, bob)
    yield "begun-on-two-approvals-one-of-them-stolen", carried(stolen_of_two, bob)
    yield "begun-on-one-approval-of-two-when-fewer-were-asked-for-later", carried(fewer, bob)
    yield "approved-over-one-entry-less", carried(lambda story: story.approve(size=len(story.raws) - 1))
    yield "approved-over-another-tree", carried(lambda story: story.approve(root="00" * 32))
    yield "approved-over-an-older-tree", carried(lambda story: story.approve(size=4, root=story.root(4).hex()))
    yield "approved-over-nothing", carried(lambda story: story.approve(size=None, root=None))
    story = planned(opening())
    carried_out(story).approve()
    yield "approved-after-it-was-done", against("erasure", story.bundle().written())
    story = planned(opening())
    story.approve()
    story.about("step.intent", system="shop")
    yield "begun-without-a-digest", against("erasure", story.bundle().written())
    story = planned(opening())
    story.approve(digest=["ab"])
    story.about("step.intent", digest=["ab"], system="shop")
    yield "begun-on-a-digest-that-is-a-list", against("erasure", story.bundle().written())


def false_trails() -> dict[str, Defect]:
    """Every bundle of this file, by its defect."""
    found = [pair for group in (_lines, _keys, _roles, _numbers, _approvals) for pair in group()]
    assert len(dict(found)) == len(found)
    return dict(found)

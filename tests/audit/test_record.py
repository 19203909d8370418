from __future__ import annotations

import json
from typing import Any

import pytest
import rfc8785

from dsr_desk.audit.record import append, decode_bytes, read, show
from dsr_desk.model.trail import Head
from tests.audit.trails import ADA, LOG, ROOT, TS, opened, whole

CASE = "5f" * 16


def test_what_is_written_is_read_again_and_is_rfc_8785() -> None:
    trail = whole()
    for n, raw in enumerate(trail.raws, 1):
        record = read(raw)
        assert rfc8785.dumps(json.loads(raw)) == raw
        assert (record.entry.seq, record.log, record.entry.prev) == (n, LOG, trail.heads[n - 1].last.hex())
        assert record.entry.leaf == trail.heads[n].last.hex()


@pytest.mark.parametrize(
    ("type", "body"),
    [
        ("case.delete", {"case": CASE}),
        ("case.open", {"case": CASE}),
        ("case.close", {"case": "DSR-2026-0001"}),
        ("case.close", {"case": CASE, "subject": "maria@example.org"}),
        ("case.close", {"case": CASE, "name": "Maria Müller"}),
        ("case.close", {"case": CASE, "name": "Müller"}),
        ("case.close", {"case": CASE, "phone": "+49 170 1234567"}),
        ("case.close", {"case": CASE, "phone": "01701234567"}),
        ("case.close", {"case": CASE, "why": "She asked for it."}),
        ("case.close", {"case": CASE, "counts": {"maria@example.org": 3}}),
        ("case.close", {"case": CASE, "list": ["shop", ["two words"]]}),
        ("case.close", {"case": CASE, "share": 0.5}),
        ("case.close", {"case": CASE, "many": 2**53}),
        ("case.close", {"case": CASE, "raw": b"x"}),
        ("case.close", {"case": CASE, "line": "a\nb"}),
        ("case.close", {"case": CASE, "line": "a\n"}),
        ("plan.approve", {"case": CASE, "digest": "ab" * 32, "size": 2, "root": "00" * 32}),
    ],
)
def test_what_could_name_a_person_is_never_written(type: str, body: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        append(opened().head, TS, type, body, ADA)


def test_an_approval_stands_on_the_tree_as_it_is() -> None:
    trail = whole()
    stale = trail.heads[3]
    from dsr_desk.audit.checkpoint import Checkpoint

    old = Checkpoint.of(stale)
    with pytest.raises(ValueError):
        append(trail.head, TS, "plan.approve", {"case": CASE, "digest": "ab" * 32, "size": old.size, "root": old.root.hex()}, ADA)


@pytest.mark.parametrize("ts", ["2026-11-03", "2026-11-03T09:30:00Z", '2026-11-03T09:30:00.000Z","x":"'])
def test_a_time_has_one_form(ts: str) -> None:
    with pytest.raises(ValueError):
        append(Head(LOG), ts, "log.open", {"key": ROOT.public.hex()}, ROOT)


@pytest.mark.parametrize("log", ["", "a b", 'a"b', "a+b", "ä"])
def test_a_trail_has_a_plain_name(log: str) -> None:
    with pytest.raises(ValueError):
        append(Head(log), TS, "log.open", {"key": ROOT.public.hex()}, ROOT)


RAW = opened().raws[1]


@pytest.mark.parametrize(
    "raw",
    {
        "a blank": RAW.replace(b'":2,', b'": 2,'),
        "a line end": RAW + b"\n",
        "a key twice": RAW.replace(b'"seq":2,', b'"seq":2,"seq":2,'),
        "another key": RAW.replace(b'"v":1', b'"v":1,"w":1'),
        "a key less": RAW.replace(b',"v":1', b""),
        "another version": RAW.replace(b'"v":1', b'"v":2'),
        "a float": RAW.replace(b'"seq":2', b'"seq":2.0'),
        "an exponent": RAW.replace(b'"seq":2', b'"seq":2e0'),
        "a flag for a number": RAW.replace(b'"v":1', b'"v":true'),
        "a needless escape": RAW.replace(b'"approver"', b'"\\u0061pprover"'),
        "a byte order mark": b"\xef\xbb\xbf" + RAW,
        "keys in another order": b'{"body"' + RAW.split(b'"body"', 1)[1][:-1] + b"," + RAW[1:].split(b',"body"', 1)[0] + b"}",
        "another base64": RAW.replace(b'==","ts"', b'=","ts"'),
        "nothing": b"",
        "too long": RAW.replace(b'"approver"', b'"' + b"a" * 70_000 + b'"'),
        "a list": b"[" + RAW + b"]",
    }.items(),
    ids=lambda item: item[0],
)
def test_any_other_form_is_not_read(raw: tuple[str, bytes]) -> None:
    assert raw[1] != RAW
    with pytest.raises(ValueError):
        read(raw[1])
    assert show(raw[1], 7).type == "unreadable"


def test_no_depth_of_brackets_is_more_than_an_error() -> None:
    head, tail = RAW.split(b'"role":"approver"')
    for depth in [*range(300, 520), *range(520, 2000, 10)]:
        with pytest.raises(ValueError):  # either it can't be read, or the signature is not in its one form
            read(head + b'"role":' + b"[" * depth + b"]" * depth + tail.replace(b'==","ts"', b'=","ts"'))


def test_base64_has_one_form() -> None:
    assert decode_bytes("QQ==") == b"A"
    for other in ("QR==", "QQ=", "QQ", " QQ==", "QQ==\n", "Q Q=="):
        with pytest.raises(ValueError):
            decode_bytes(other)

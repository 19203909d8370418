"""Where the messages of an mbox file begin and end (RFC 4155), and the key of each."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from dsr_desk.drivers._mailbox.headers import LONGEST_HEAD, fields, head_of
from dsr_desk.model.cancel import Cancel

_BLOCK = 1 << 20
_LINE = 1 << 10
_FROM = re.compile(rb"^From [^\n]*\n?", re.MULTILINE)
_APART = (b"\n\n", b"\n\r\n")
#: ``From anna@example.org Sun Nov 22 10:00:00 2026``: with a time, as every program writes it.
_DATED = re.compile(rb"From .*\d\d:\d\d.*\d{4}")
_FIELD = re.compile(rb"[!-9;-~]+[ \t]*:")
#: What mail programs write into a message when it is read or moved: no part of what it says.
_MARKS = re.compile(
    rb"^(?:Status|X-Status|X-Keywords|X-UID|X-IMAP|X-IMAPbase|Content-Length|X-Mozilla-\w+):[^\n]*\n?", re.IGNORECASE | re.MULTILINE
)
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Message:
    """A message's key and where its bytes stand: from its ``From `` line up to the next one."""

    key: str
    start: int
    end: int


def index(file: BinaryIO, cancel: Cancel) -> tuple[list[Message], str]:
    """All messages in order, and the SHA-256 (hex) of the file that they stand in.

    A message is named by its Message-ID; without one, or where two have the same, by the SHA-256 of what it says.
    """
    starts, size, sha256 = _starts(file, cancel)
    spans = list(zip(starts, [*starts, size][1:], strict=True))
    spans = list(_by_length(file, spans))
    ids = []
    for start, end in spans:
        cancel.check()
        ids.append("".join(fields(head_of(content(file, start, end, LONGEST_HEAD))).get("message-id", [])[:1]).strip())
    times = Counter(ids)
    seen: Counter[str] = Counter()
    found = []
    for (start, end), id_ in zip(spans, ids, strict=True):
        key = id_ if id_ and times[id_] == 1 else _digest(file, start, end)
        seen[key] += 1
        found.append(Message(key if seen[key] == 1 else f"{key}-{seen[key]}", start, end))
    return found, sha256


def content(file: BinaryIO, start: int, end: int, most: int) -> bytes:
    """The message without its ``From `` line, and with such lines of its text as they were sent (at most so many bytes)."""
    file.seek(start)
    raw = _exactly(file, min(end - start, most + _LINE))
    raw = raw.partition(b"\n")[2]
    if end - start <= most:
        raw = raw.removesuffix(b"\n").removesuffix(b"\r")  # the empty line that ends it
    return _QUOTED.sub(rb"\1", raw)


def _exactly(file: BinaryIO, count: int) -> bytes:
    pieces = []
    while count and (piece := file.read(count)):
        pieces.append(piece)
        count -= len(piece)
    return b"".join(pieces)


def _starts(file: BinaryIO, cancel: Cancel) -> tuple[list[int], int, str]:
    """Where a ``From `` line has two of three signs that a message begins: an empty line above, a time, a header below."""
    digest, starts, at, tail = hashlib.sha256(), [], 0, b""
    file.seek(0)
    while True:
        cancel.check()
        block = _exactly(file, _BLOCK)
        digest.update(block)
        whole = tail + block
        last = not block
        for match in _FROM.finditer(whole):
            if match.start() < 3 and at:
                continue  # seen in the block before
            if not last and match.start() >= len(whole) - 2 * _LINE:
                break
            apart = whole[max(0, match.start() - 3) : match.start()].endswith(_APART) or at + match.start() == 0
            signs = bool(_DATED.match(match[0])), bool(_FIELD.match(whole, match.end())), apart
            if sum(signs) >= 2:
                starts.append(at + match.start())
        if last:
            return starts, at + len(whole), digest.hexdigest()
        keep = min(len(whole), 2 * _LINE + 3)
        at += len(whole) - keep
        tail = whole[-keep:]


def _by_length(file: BinaryIO, spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The messages, where a ``Content-Length`` leads exactly to a later start: then what lies between is a text with such lines."""
    ends = {end for _, end in spans}
    until = 0
    for start, end in spans:
        if start < until:
            continue
        file.seek(start)
        head = head_of(_exactly(file, min(end - start, LONGEST_HEAD)))
        said = fields(head.partition(b"\n")[2]).get("content-length", [""])[0]
        body = start + len(head) + (4 if b"\r\n" in head else 2)
        close = {body + int(said) + more for more in range(3)} & ends if said.isdigit() and len(said) < 16 else set()
        until = max([end, *(c for c in close if c > end)])
        yield start, until


def _digest(file: BinaryIO, start: int, end: int) -> str:
    file.seek(start)
    raw = _exactly(file, end - start)
    head = head_of(raw)
    return hashlib.sha256(_MARKS.sub(b"", head) + raw[len(head) :]).hexdigest()[:32]

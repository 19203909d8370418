"""Changing and deleting one record, so that it is always known what became of it: looked at before, asked once, looked at again."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from dsr_desk.drivers._rest.answer import Answer, written
from dsr_desk.drivers._rest.options import Order, Update
from dsr_desk.drivers._rest.records import Found, Records, alike
from dsr_desk.drivers._rest.template import UnaddressableError, body_of, path_of, text_of
from dsr_desk.drivers._rest.web import Request, pause
from dsr_desk.drivers._rest.wire import TransientError
from dsr_desk.drivers._rows.driver import MovedError
from dsr_desk.drivers._rows.nested import assigned
from dsr_desk.errors import InDoubtError, RefusedError, UnreachableError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.finding import Row
from dsr_desk.model.values import Value, fingerprint, same

_TYPES = {"json": "application/json", "merge-patch": "application/merge-patch+json", "form": "application/x-www-form-urlencoded"}
_FIRST_LOOK = 0.25


class Writing:
    """Orders for the records of one collection.

    ``header`` is the one by which the service tells an order that it has had already, and ``secret`` the key of this plan, from
    which its value is made: the same order of the same plan has the same one, also after a kill.
    """

    def __init__(self, records: Records, header: str | None, secret: bytes, retries: int) -> None:
        self._records, self._header, self._secret, self._retries = records, header, secret, retries
        self._cancel = Cancel()

    def change(self, row: Row, writes: Mapping[str, Value]) -> None:
        """Write these values. ``MovedError`` where the record is no longer what ``row`` says."""
        update = self._records.endpoint.update
        assert update is not None  # refused when it was rehearsed

        def order(now: Found) -> Request:
            return Request(
                update.method,
                path_of(update.path, row.key),
                _params(update.params, row.key),
                body(update, now, writes),
                _TYPES[update.type],
            )

        def done(now: Found | None) -> bool:
            return now is not None and all(same(now.fields.get(name), value) for name, value in writes.items())

        self._carry_out(row, order, done, fingerprint(self._secret, writes))
        self._wait(row, done, update.wait)

    def delete(self, row: Row) -> None:
        """Delete it, by every call that this takes. ``MovedError`` as in ``change``; ``InDoubtError`` where it won't go."""
        delete = self._records.endpoint.delete
        assert delete is not None  # refused when it was rehearsed
        accepted = False
        for number, call in enumerate(delete.calls):
            accepted |= (
                self._carry_out(row, _order(call, row), lambda now: now is None, f"delete {number}", first=not number).status == 202
            )
        if not self._wait(row, lambda now: now is None, delete.wait) and (accepted or delete.wait):
            raise InDoubtError(
                f"{self._records.label} took the order to delete {row.ref.path}; it still stands there after {delete.wait:g} s.",
                "Apply again in a while: what is gone by then counts as done.",
            )

    def _carry_out(
        self, row: Row, order: Callable[[Found], Request], done: Callable[[Found | None], bool], what: str, first: bool = True
    ) -> Answer:
        """Ask for it until the answer came, and look again before each further try: an order whose answer was lost may be done."""
        sure = True
        for attempt in range(self._retries + 1):
            now = self._records.read(row.key, self._cancel)
            if not sure and done(now):
                return Answer(200, {}, b"")
            if now is None and first:
                raise MovedError
            if first and now is not None and not alike(now.fields, row.values):
                if sure:
                    raise MovedError
                raise self._doubt(row)
            request = self._marked(order(now or Found({}, {})), row, now, what)
            try:
                answer = self._records.web.once(request, self._cancel)
            except TransientError as transient:
                sure, last = False, transient
                again = request.method in ("PUT", "DELETE") or self._header is not None
                if not again or not self._records.web.rest(transient, attempt, self._cancel):
                    break
                continue
            if 200 <= answer.status < 300:
                return answer
            if answer.status in (404, 409, 410, 412):
                now = self._records.read(row.key, self._cancel)
                if done(now):
                    return answer
                there = answer.status != 412 and now is not None and alike(now.fields, row.values)  # so it is the way that is wrong
                if first and sure and answer.status != 409 and not there:
                    raise MovedError
            raise self._refused(row, answer.status)
        if done(self._records.read(row.key, self._cancel)):
            return Answer(200, {}, b"")
        raise last.error from None

    def _marked(self, request: Request, row: Row, now: Found | None, what: str) -> Request:
        headers: dict[str, str] = {}
        if self._records.endpoint.if_match and now is not None and now.etag and not now.etag.startswith("W/"):
            headers["If-Match"] = now.etag
        if self._header:
            said = "\n".join((row.ref.path, fingerprint(self._secret, row.values), what))
            headers[self._header] = hmac.new(self._secret, said.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:32]
        return Request(request.method, request.path, request.params, request.body, request.type, headers)

    def _wait(self, row: Row, done: Callable[[Found | None], bool], seconds: float) -> bool:
        """Look until it is done, for so many seconds: some services do it later than they say."""
        spent, wait = 0.0, _FIRST_LOOK
        while not (there := done(self._records.read(row.key, self._cancel))) and spent < seconds:
            pause(min(wait, seconds - spent), self._cancel)
            spent, wait = spent + wait, min(wait * 2, 5.0)
        return there

    def _doubt(self, row: Row) -> InDoubtError:
        return InDoubtError(
            f"{self._records.label} gave no answer to an order about {row.ref.path}; what stands there now is neither what the "
            "plan saw nor what it wants.",
            "Look at the record in the system itself, then make a new plan.",
        )

    def _refused(self, row: Row, status: int) -> RefusedError | UnreachableError:
        what = f"{self._records.label} refused what was ordered about {row.ref.path}: it answered {status}."
        return RefusedError(
            what, "Check in the service itself what stands against it, and update: and delete: in its catalog file."
        )


def body(update: Update, now: Found, writes: Mapping[str, Value]) -> bytes:
    """What is sent to change a record. ``LookupError`` where it has no such field, ``TypeError`` for what JSON can't say."""
    document = assigned(now.document, writes)
    if update.body == "whole":
        made: dict[str, Any] = {n: v for n, v in document.items() if n not in update.without}
    elif update.body == "objects":
        tops = {_top(now.document, path) for path in writes}
        made = {n: v for n, v in document.items() if n in tops}
    else:
        made = {}
        for path in writes:
            _put(made, document, path)
    wrapped: Any = made
    for name in reversed(update.wrap.split(".")) if update.wrap else ():
        wrapped = {name: wrapped}
    if update.type == "form":
        return urlencode(list(_form("", wrapped))).encode("ascii")
    return written(wrapped).encode("ascii")


def _top(document: Mapping[str, Any], path: str) -> str:
    return path if path in document else path.partition(".")[0].partition("[]")[0]


def _put(made: dict[str, Any], document: Mapping[str, Any], path: str) -> None:
    """The field alone, inside the objects that it stands in; a list goes whole, since no part of one can be named."""
    head, _, rest = path.partition(".")
    if path in document:
        made[path] = document[path]
    elif head.endswith("[]"):
        made[head[:-2]] = document[head[:-2]]
    else:
        _put(made.setdefault(head, {}), document[head], rest)


def _form(name: str, value: Any) -> list[tuple[str, str]]:
    """``a[b]=c``, the way in which forms write what is nested; nothing at all is an empty text."""
    if isinstance(value, dict):
        return [pair for n, v in value.items() for pair in _form(f"{name}[{n}]" if name else str(n), v)]
    if isinstance(value, list):
        return [pair for i, v in enumerate(value) for pair in _form(f"{name}[{i}]", v)]
    if isinstance(value, bool):
        return [(name, "true" if value else "false")]
    return [(name, "" if value is None else value if isinstance(value, str) else written(value))]


def _order(call: Order, row: Row) -> Callable[[Found], Request]:
    def order(now: Found) -> Request:
        sent = None if call.body is None else written(body_of(call.body, row.key)).encode("ascii")
        return Request(call.method, path_of(call.path, row.key), _params(call.params, row.key), sent)

    return order


def _params(params: Mapping[str, str], key: Mapping[str, Value]) -> tuple[tuple[str, str], ...]:
    return tuple((name, text_of(text, key)) for name, text in params.items())


def addressable(template: str, key: Mapping[str, Value]) -> bool:
    """Whether a record with this key can be meant by an address."""
    try:
        path_of(template, key)
    except (UnaddressableError, KeyError):
        return False
    return True

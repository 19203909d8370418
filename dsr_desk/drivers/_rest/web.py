"""Asking a service: not too often, again where that helps, and with an end."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlencode

from dsr_desk.drivers._rest.access import Access
from dsr_desk.drivers._rest.address import Address, address_of, within
from dsr_desk.drivers._rest.answer import Answer
from dsr_desk.drivers._rest.options import Service
from dsr_desk.drivers._rest.wire import TransientError, Wire
from dsr_desk.errors import CredentialsError, UnreachableError
from dsr_desk.model.cancel import Cancel

_BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
_FIRST_WAIT = 0.5


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked: ``path`` is encoded and stands behind the service's own; ``onward`` is one that an answer gave, whole."""

    method: str
    path: str
    params: Sequence[tuple[str, str]] = ()
    body: bytes | None = field(default=None, repr=False)
    type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    onward: bool = False


class Web:
    """One service, as its catalog file describes it."""

    def __init__(self, url: str, service: Service, label: str, folder: Path, secret: Callable[[], str | None]) -> None:
        self.address: Address = address_of(url)
        self._service = service
        self._label = label
        certificates = str(folder / service.certificates) if service.certificates else None
        self._wire = Wire(label, service.timeout, certificates)
        self._access = Access(service.auth, label, self.address.user, secret)
        self._next = 0.0

    def ask(self, request: Request, cancel: Cancel) -> Answer:
        """A question that changes nothing, asked again where that helps. ``UnreachableError`` where it doesn't."""
        for attempt in range(self._service.retries + 1):
            try:
                return self.once(request, cancel)
            except TransientError as transient:
                last = transient
                if not self.rest(transient, attempt, cancel):
                    break
        raise last.error from None

    def once(self, request: Request, cancel: Cancel) -> Answer:
        """One exchange. ``TransientError`` where it may work in a moment, and it is not known whether it was done."""
        answer = self._exchange(request, cancel)
        if answer.status == 401 and self._access.renewable:
            self._access.forget()
            answer = self._exchange(request, cancel)
        if answer.status == 401:
            raise CredentialsError(f"{self._label} refused the password.", "Keep the right one: dsr-desk secret set SYSTEM.")
        if answer.status == 403:
            raise CredentialsError(
                f"{self._label} does not let this account do that (403).", "Ask its operators for the right to it."
            )
        if 300 <= answer.status < 400:
            raise UnreachableError(
                f"{self._label} sends its visitors elsewhere ({answer.status}); no password goes there.",
                "If that is where it is now, correct url: or path: in its catalog file.",
            )
        if answer.status in _BUSY:
            what = "is asked too often" if answer.status == 429 else "does not work at the moment"
            error = UnreachableError(f"{self._label} {what} (it answered {answer.status}).", "Try again later.")
            raise TransientError(error, _wait(answer.headers.get("retry-after", "")))
        return answer

    def rest(self, transient: TransientError, attempt: int, cancel: Cancel) -> bool:
        """Wait before the next attempt; ``False`` where there is to be none."""
        longest = self._service.longest_wait
        wait = transient.wait
        if wait is None:
            wait = min(longest, _FIRST_WAIT * 2**attempt) * random.uniform(0.5, 1)  # noqa: S311  # only spreads the load
        if not transient.again or attempt >= self._service.retries or wait > longest:
            return False
        pause(wait, cancel)
        return True

    def onward(self, request: Request, link: str) -> Request | None:
        """The request for a link in the answer to another; ``None`` where it leads to another service."""
        path = within(self.address, self._url(request), link)
        return None if path is None else Request("GET", path, (), headers=request.headers, onward=True)

    def close(self) -> None:
        """Close the connections."""
        self._wire.close()

    def _url(self, request: Request) -> str:
        query = "?" + urlencode(request.params) if request.params else ""
        return self.address.origin + ("" if request.onward else self.address.path) + request.path + query

    def _exchange(self, request: Request, cancel: Cancel) -> Answer:
        pause(self._next - time.monotonic(), cancel)
        self._next = time.monotonic() + 1 / self._service.limits.per_second
        shown = self._access.headers(self._wire, cancel.check)
        typed = {"Content-Type": request.type} if request.body is not None else {}
        headers = {**self._service.headers, **request.headers, **typed, **shown}
        return self._wire.exchange(request.method, self._url(request), headers, request.body, cancel.check)


def pause(seconds: float, cancel: Cancel) -> None:
    """Wait, unless somebody wishes to stop."""
    cancel.check()
    ends = time.monotonic() + seconds
    while (left := ends - time.monotonic()) > 0:
        time.sleep(min(left, 0.1))
        cancel.check()


def _wait(after: str) -> float | None:
    """Seconds that ``Retry-After`` asks for (RFC 9110 section 10.2.3)."""
    if after.strip().isdecimal():
        return float(after)
    try:
        until = parsedate_to_datetime(after)
    except ValueError:
        return None
    return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - datetime.now(UTC)).total_seconds())

"""Going through a list that a service gives in pages."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from dsr_desk.drivers._rest.answer import Answer, BrokenAnswerError, at, written
from dsr_desk.drivers._rest.options import Listing, Paging
from dsr_desk.drivers._rest.template import body_of, path_of, text_of
from dsr_desk.drivers._rest.web import Request, Web
from dsr_desk.errors import UnreachableError, UsageError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.values import Value, as_text, same

#: No list has more records than this, or its pages have no end.
MOST_RECORDS = 5_000_000


@dataclass(frozen=True, slots=True)
class Ask:
    """A list that is to be read: how, with which values put into it, and where its records stand in each answer."""

    listing: Listing
    params: Mapping[str, str]
    records: str
    paging: Paging
    values: Mapping[str, Value] = field(default_factory=dict, repr=False)


def records(web: Web, ask: Ask, label: str, cancel: Cancel) -> Iterator[dict[str, Any]]:
    """The records of all pages, as the service gives them.

    ``UsageError`` where there is no such list; ``UnreachableError`` where a page is broken, comes twice, or leads elsewhere.
    """
    seen: set[bytes] = set()
    count = 0
    request: Request | None = _first(ask)
    number = 0
    while request is not None:
        cancel.check()
        answer = web.ask(request, cancel)
        data, found = _page(answer, ask, label)
        # By its records alone: what stands beside them (a time, a number of the question) is another in every answer.
        marks = {_mark(request.path, request.params, request.body)} | ({_mark(found)} if found else set())
        if marks & seen:
            raise UnreachableError(
                f"{label} gave the same page twice, so its pages have no end.",
                "Check paging: in its catalog file: is that how it is asked for the next?",
            )
        seen |= marks
        yield from found
        count += len(found)
        number += 1
        if count > MOST_RECORDS:
            raise UnreachableError(f"{label} has more than {MOST_RECORDS} records.", "Ask for fewer: find: instead of list:.")
        request = _next(web, ask, request, answer, data, found, number, count, label)


def _mark(*parts: object) -> bytes:
    return hashlib.sha256(repr(parts).encode("utf-8", "backslashreplace")).digest()


def _first(ask: Ask) -> Request:
    paging = ask.paging
    size = {paging.size_param: paging.size} if paging.size_param else {}
    start = {"page": paging.first, "offset": 0}
    more = {paging.param: start[paging.style]} if paging.style in start else {}
    return _request(ask, {**size, **more})


def _request(ask: Ask, more: Mapping[str, int | str]) -> Request:
    """A page's own parameters stand in the body where the question has one, else behind the ``?``."""
    listing, values = ask.listing, ask.values
    params = {name: text_of(text, values) for name, text in {**ask.params, **listing.params}.items()}
    body = None
    if isinstance(listing.body, dict):
        body = written({**body_of(listing.body, values), **more}).encode("ascii")
    else:
        params |= {name: str(value) for name, value in more.items()}
    return Request(listing.method, path_of(listing.path, values), tuple(params.items()), body)


def _page(answer: Answer, ask: Ask, label: str) -> tuple[Any, list[dict[str, Any]]]:
    if answer.status == 404 and _nobody(answer, ask.listing.none):
        return {}, []
    if answer.status != 200:
        raise UsageError(
            f"{label} gave no list: it answered {answer.status} to {ask.listing.path}.",
            "Check path: and params: in its catalog file.",
        )
    try:
        data = answer.data()
        found = at(data, ask.records)
    except BrokenAnswerError as error:
        raise UnreachableError(
            f"{label} answered with {error}.", "Check url: and path: in its catalog file, then try again."
        ) from None
    except LookupError:
        found = None
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        where = f"at {ask.records} " if ask.records else ""
        raise UsageError(
            f"The answer of {label} has no list of records {where}.".replace(" .", "."), "Correct records: in its catalog file."
        )
    return data, found


def _next(
    web: Web,
    ask: Ask,
    request: Request,
    answer: Answer,
    data: Any,
    found: list[dict[str, Any]],
    number: int,
    count: int,
    label: str,
) -> Request | None:
    """The question for the next page; ``None`` after the last."""
    paging = ask.paging
    size = {paging.size_param: paging.size} if paging.size_param else {}
    if paging.style == "none" or (paging.more and _there(data, paging.more) in (False, None)):
        return None
    if paging.style in ("page", "offset"):
        here = paging.first + number if paging.style == "page" else count
        return _request(ask, {**size, paging.param: here}) if found else None
    if paging.style == "cursor":
        cursor = as_text(_there(found[-1], paging.last) if found and paging.last else _there(data, paging.next))
        return _request(ask, {**size, paging.param: cursor}) if cursor and (found or paging.next) else None
    link = _linked(answer.headers.get("link", "")) if paging.style == "link" else as_text(_there(data, paging.next))
    if not link:
        return None
    onward = web.onward(request, link)
    if onward is None:
        raise UnreachableError(
            f"The next page of {label} is said to be at another address; no password goes there.", "Check url: in its catalog file."
        )
    return onward


def _nobody(answer: Answer, signs: Mapping[str, Any]) -> bool:
    """Whether the answer says that there is no such person; without signs none does, since a wrong path is answered alike."""
    try:
        data = answer.data() if signs else None
    except BrokenAnswerError:
        return False
    return bool(signs) and all(same(_there(data, path), sign) for path, sign in signs.items())


def _there(data: Any, path: str) -> Value:
    try:
        return at(data, path) if path else None
    except LookupError:
        return None


def _linked(header: str) -> str | None:
    """The address of the next page in a ``Link`` header (RFC 8288)."""
    from requests.utils import parse_header_links

    links = parse_header_links(header) if header else []
    return next((str(one["url"]) for one in links if "next" in str(one.get("rel", "")).lower().split()), None)

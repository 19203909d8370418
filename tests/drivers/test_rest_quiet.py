"""What nobody may hear of a web service's records, and what becomes of orders that were never given."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug.wrappers import Request, Response

from dsr_desk.drivers._rest import web
from dsr_desk.drivers.rest import RestDriver
from dsr_desk.errors import DriftError, RefusedError, UnreachableError, UsageError
from dsr_desk.model.cancel import Cancel
from tests.drivers.contract import apply, hits, ids, lookup, work
from tests.drivers.rest_service import ANY, PASSWORD, RestPlace, answer

ANNA = lookup("email", "anna.berg@example.org", kind="email")
LOGGERS = ("", "urllib3", "urllib3.connectionpool", "urllib3.util.retry", "requests", "charset_normalizer", "dsr_desk")


@pytest.fixture(scope="module")
def server() -> Iterator[HTTPServer]:
    with HTTPServer(threaded=True) as running:
        yield running


@pytest.fixture
def make(server: HTTPServer, tmp_path: Path) -> Callable[..., RestPlace]:
    return lambda style, **options: RestPlace(server, style, tmp_path, **options)


class Ears(logging.Handler):
    """All that is logged while it listens, as a log file would have it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.name != "werkzeug":  # the peer's own log
            self.lines.append(f"{record.name} {self.format(record)} {record.__dict__}")


@pytest.fixture
def ears() -> Iterator[Ears]:
    """A handler at every logger that could hear of it, with the root logger at DEBUG."""
    made, root = Ears(), logging.getLogger()
    level = root.level
    root.setLevel(logging.DEBUG)
    for name in LOGGERS:
        logging.getLogger(name).addHandler(made)
    yield made
    for name in LOGGERS:
        logging.getLogger(name).removeHandler(made)
    root.setLevel(level)


def searched_and_written(place: RestPlace) -> None:
    assert ids(place.driver(), ANNA) == ["1", "2"]
    assert ids(place.driver(), replace(ANNA, plain=True))[0] == "1"  # by the service's own search, where it has one
    assert ids(place.driver(), lookup("customer", "1007"))
    todo = work(place, change={"1": {"note": "Erased"}}, delete=["2"])
    assert apply(place.driver(), todo).deleted == 1


@pytest.mark.parametrize("style", ["page", "cursor", "link"])
def test_no_handler_hears_of_a_search_or_an_order(make: Any, ears: Ears, style: str) -> None:
    searched_and_written(make(style))
    assert not [line for line in ears.lines if line.startswith(("urllib3", "requests"))]
    told = "\n".join(ears.lines).casefold()
    for word in (
        "anna.berg",
        "anna berg",
        "1007",
        "erased",
        "/people",
        "127.0.0.1",
        "authorization",
        "x-api-key",
        PASSWORD.casefold(),
    ):
        assert word not in told


def test_without_the_silence_it_would_be_heard(make: Any, ears: Ears, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging.getLogger("urllib3"), "propagate", True)
    logging.getLogger("urllib3").setLevel(logging.NOTSET)
    try:
        searched_and_written(make("page"))
    finally:
        logging.getLogger("urllib3").setLevel(logging.CRITICAL + 1)
    assert "anna.berg" in "\n".join(ears.lines)


# -- addresses ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "stands"), [("a/b", "a%2Fb"), ("../x", "..%2Fx"), ("a?b#c", "a%3Fb%23c"), ("a b+%", "a%20b%2B%25")]
)
def test_a_value_in_a_path_is_one_segment_of_it(server: HTTPServer, make: Any, value: str, stands: str) -> None:
    place = make("page", find={"customer": "/found/{value}"})
    server.clear()
    asked: list[str] = []

    def found(request: Request) -> Response:
        asked.append(request.environ["RAW_URI"])
        return answer([])

    server.expect_request(ANY).respond_with_handler(found)
    assert hits(place.driver(), lookup("customer", value)) == []
    assert f"/v1/found/{stands}" in [uri.partition("?")[0] for uri in asked]


# -- waiting -----------------------------------------------------------------------------------------------------------------


def in_a_year() -> str:
    return format_datetime(datetime.now(UTC) + timedelta(days=365), usegmt=True)


@pytest.mark.parametrize("after", ["31", "86400", "9" * 400, "in a year", "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_wait_beyond_the_longest_is_not_waited(make: Any, monkeypatch: pytest.MonkeyPatch, after: str) -> None:
    waited: list[float] = []
    monkeypatch.setattr(web, "pause", lambda seconds, _: waited.append(seconds))
    place = make("page")
    system = replace(place.system, options={**place.system.options, "longest_wait": 30})
    said = in_a_year() if after == "in a year" else after
    place.service.always = lambda _: answer({}, 429, Retry_After=said)
    with pytest.raises(UnreachableError, match="429"):
        list(RestDriver(system, place.folder, lambda: PASSWORD).find([ANNA], Cancel()))
    assert len(place.service.asked) == 1 and max(waited) <= 1


@pytest.mark.parametrize(
    ("after", "waits"),
    [
        ("30", 30),
        ("0", 0),
        ("-5", None),
        ("soon", None),
        ("1e9", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("31 Dec 99999", None),
    ],
)
def test_a_wait_is_as_long_as_was_asked_and_never_longer(
    make: Any, monkeypatch: pytest.MonkeyPatch, after: str, waits: float | None
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(web, "pause", lambda seconds, _: waited.append(seconds))
    place = make("page")
    system = replace(place.system, options={**place.system.options, "longest_wait": 30})
    place.service.faults = [lambda _: answer({}, 503, Retry_After=after)]
    assert ids(RestDriver(system, place.folder, lambda: PASSWORD), ANNA) == ["1", "2"]
    (own,) = [w for w in waited if w > 0.2 or w == waits] if waits != 0 else [0]
    assert own == waits if waits is not None else 0.2 < own <= 0.5
    assert max(waited) <= 30


# -- drift -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("style", ["page", "cursor", "link"])
@pytest.mark.parametrize("order", ["change", "delete"])
@pytest.mark.parametrize("moves", ["changed", "gone"])
def test_a_record_that_moved_before_anything_was_written_is_drift(make: Any, style: str, order: str, moves: str) -> None:
    """Whenever somebody else comes before the first order, what is said is that nothing was written."""

    def reading(place: RestPlace) -> list[str]:
        return [r.method for r in place.service.asked if r.path.endswith("/1")]

    def todo_of(place: RestPlace) -> Any:
        todo = work(place, delete=["1", "2"]) if order == "delete" else work(place, change={k: {"name": "x"} for k in ("1", "2")})
        place.service.asked.clear()
        return todo

    place = make(style)
    todo = todo_of(place)
    apply(place.driver(), todo)
    before = next(i for i, method in enumerate(reading(place)) if method != "GET")
    assert before >= 1
    for nth in range(before):
        place = make(style)
        todo = todo_of(place)
        moved: list[int] = []

        def somebody(request: Request, place: RestPlace = place, nth: int = nth, moved: list[int] = moved) -> None:
            if request.path.endswith("/1") and not moved and len(reading(place)) == nth + 1:
                moved.append(nth)
                if moves == "gone":
                    place.remove("1")
                else:
                    place.change("1", "note", "something else")

        place.service.always = somebody
        with pytest.raises(DriftError):
            apply(place.driver(), todo)
        assert moved and {r.method for r in place.service.asked} == {"GET"}
        assert place.service.rows["2"]["id"] == "2" and not place.service.rows["2"].get("deleted")


def test_an_order_to_a_place_that_is_none_is_refused_and_no_drift(make: Any) -> None:
    """The record stands there as it was seen; it is the path of the order that is wrong."""
    place = make("page", update={"path": "/persons/{id}"})
    todo = work(place, change={"1": {"name": "x"}})
    with pytest.raises(RefusedError, match="404"):
        apply(place.driver(), todo)


@pytest.mark.parametrize(
    ("said", "nobody"), [({"error": "RecordNotFound"}, True), ({"error": "InvalidEndpoint"}, False), ([], False)]
)
def test_a_404_is_nobody_only_where_it_says_so(make: Any, said: Any, nobody: bool) -> None:
    """A path that is wrong is answered 404, too, and is no proof of anything."""
    place = make("page", find={"customer": {"path": "/of/{value}", "none": {"error": "RecordNotFound"}}})
    place.service.always = lambda r: answer(said, 404) if "/of/" in r.path else None
    if nobody:
        assert ids(place.driver(), lookup("customer", "1007")) == []
    else:
        with pytest.raises(UsageError, match="404"):
            ids(place.driver(), lookup("customer", "1007"))

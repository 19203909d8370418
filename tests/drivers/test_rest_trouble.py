"""Services that fail, lie, or lead elsewhere: nothing is lost, doubled, believed or told to others."""

from __future__ import annotations

import datetime
import ipaddress
import logging
import ssl
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pytest_httpserver import HTTPServer
from werkzeug.wrappers import Request, Response

from dsr_desk.drivers._rest import wire
from dsr_desk.drivers.base import Run
from dsr_desk.drivers.rest import RestDriver
from dsr_desk.errors import (
    CancelledError,
    CredentialsError,
    DeskError,
    DriftError,
    InDoubtError,
    RefusedError,
    UnreachableError,
    UsageError,
)
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import System
from dsr_desk.model.plan import Work
from tests.drivers.contract import KEY, apply, every, hits, ids, lookup, people, step, work
from tests.drivers.rest_service import ANY, PASSWORD, QUICK, RestPlace, answer
from tests.servers import free_port

ANNA = lookup("email", "anna.berg@example.org", kind="email")


@pytest.fixture(scope="module")
def server() -> Iterator[HTTPServer]:
    with HTTPServer(threaded=True) as running:
        yield running


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[HTTPServer]:
    with HTTPServer(threaded=True) as running:
        yield running


@pytest.fixture
def make(server: HTTPServer, tmp_path: Path) -> Callable[..., RestPlace]:
    return lambda style, **options: RestPlace(server, style, tmp_path, **options)


def described(url: str, **options: Any) -> System:
    auth = {"auth": "bearer", **{n: v for n, v in options.items() if v}}
    return System("place", "rest", "Place", url, options={**QUICK, **auth}, collections={"people": people()})


def status(code: int, **headers: str) -> Callable[[Request], Response]:
    return lambda _: answer({"error": "anna.berg@example.org"}, code, **headers)


def raw(body: bytes, kind: str = "application/json", **headers: str) -> Callable[[Request], Response]:
    return lambda _: Response(body, 200, headers, content_type=kind)


def cut(request: Request) -> Response:
    """More is promised than comes."""
    return Response(iter([b'[{"id": "1"']), 200, {"Content-Length": "5000"}, content_type="application/json")


# -- busy, cut, broken -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [429, 500, 502, 503, 504])
def test_a_service_that_is_busy_for_a_moment_is_asked_again(make: Any, code: int) -> None:
    place = make("cursor")
    place.service.faults = [status(code), status(code, Retry_After="0"), lambda _: None, cut]
    assert ids(place.driver(), ANNA) == ["1", "2"]


@pytest.mark.parametrize("code", [429, 500, 503])
def test_a_storm_ends(make: Any, code: int) -> None:
    place = make("page")
    place.service.always = status(code)
    with pytest.raises(UnreachableError, match=str(code)):
        ids(place.driver(), ANNA)
    assert len(place.service.asked) == 5


def test_a_service_that_asks_for_an_hour_is_named_at_once(make: Any) -> None:
    place = make("page")
    place.service.always = status(429, Retry_After="3600")
    with pytest.raises(UnreachableError):
        ids(place.driver(), ANNA)
    assert len(place.service.asked) == 1


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (cut, "broke off"),
        (raw(b'[{"id": "1"}'), "only a part"),
        (raw(b"<html>Sign in</html>", "text/html"), "other than JSON"),
        (raw(b'[{"id": "1", "id": "2"}]'), "can't be read"),
        (raw(b'[{"id": NaN}]'), "can't be read"),
        (raw(b'[{"id": 1e999999999}]'), "can't be read"),
        (raw(b"[" + b"9" * 5000 + b"]"), "can't be read"),
        (raw(b"[" * 100_000), "nested too deep"),
        (raw(b"\xff\xfe"), "can't be read"),
        (raw(b"not gzip", Content_Encoding="x"), "can't be read"),
        (raw(b"hello", Content_Encoding="gzip"), "can't be read"),
    ],
)
def test_an_answer_that_is_broken_is_no_answer(make: Any, fault: Any, says: str) -> None:
    place = make("page")
    place.service.always = fault
    with pytest.raises(UnreachableError, match=says):
        ids(place.driver(), ANNA)


def test_an_answer_without_end_is_not_read(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "LARGEST_ANSWER", 1024 * 1024)
    place = make("page")
    place.service.always = raw(b" " * (3 * 1024 * 1024))
    with pytest.raises(UnreachableError, match="more than 1 MB"):
        ids(place.driver(), ANNA)


@pytest.mark.parametrize("body", [b"{}", b"null", b'"x"', b"[1]", b"[[]]"])
def test_an_answer_without_records_is_not_nobody(make: Any, body: bytes) -> None:
    place = make("page")
    place.service.always = raw(body)
    with pytest.raises(UsageError, match="no list of records"):
        ids(place.driver(), ANNA)


def test_records_without_a_key_are_named(make: Any) -> None:
    place = make("page")
    place.service.always = raw(b'[{"email": "anna.berg@example.org", "id": ""}]')
    with pytest.raises(UsageError, match="has no id"):
        ids(place.driver(), ANNA)


def test_two_records_with_one_key_are_named(make: Any) -> None:
    place = make("page")
    place.service.rows["x"] = {**place.service.rows["1"], "note": "another"}
    with pytest.raises(UsageError, match="same key"):
        ids(place.driver(), ANNA)


def test_without_collections_somebody_has_to_be_there_all_the_same(make: Any) -> None:
    place = make("page")
    place.service.always = lambda request: answer({"error": "no such thing"}, 404 if place.service.known(request) else 401)
    bare = replace(place.system, collections={})
    assert RestDriver(bare, place.folder, lambda: PASSWORD).schema().collections == {}
    with pytest.raises(CredentialsError):
        RestDriver(bare, place.folder, lambda: "wrong").schema()
    nobody = replace(bare, url=f"http://127.0.0.1:{free_port()}/v1")
    with pytest.raises(UnreachableError):
        RestDriver(nobody, place.folder, lambda: PASSWORD).schema()


def test_pages_that_repeat_have_an_end(make: Any) -> None:
    place = make("page")
    place.service.always = lambda _: answer([place.service.rows["1"]])
    with pytest.raises(UnreachableError, match="same page twice"):
        ids(place.driver(), ANNA)
    assert len(place.service.asked) < 6


def test_pages_that_repeat_have_an_end_though_something_beside_them_changes(make: Any) -> None:
    place = make("cursor")
    row = place.service.rows["1"]
    place.service.always = lambda _: answer(
        {"data": {"items": [row]}, "meta": {"next": str(len(place.service.asked)), "took": len(place.service.asked)}}
    )
    with pytest.raises(UnreachableError, match="same page twice"):
        ids(place.driver(), ANNA)
    assert len(place.service.asked) < 6


def test_a_page_that_leads_to_itself_has_an_end_though_it_is_empty(make: Any) -> None:
    place = make("cursor")
    place.service.always = lambda _: answer(
        {"data": {"items": []}, "meta": {"next": "x"}}, 200 if len(place.service.asked) < 20 else 400
    )
    with pytest.raises(UnreachableError, match="same page twice"):
        ids(place.driver(), ANNA)


def test_a_list_that_went_meanwhile_is_named(make: Any) -> None:
    place = make("page")
    place.service.faults = [lambda _: None] * 2 + [status(404)]
    with pytest.raises(UsageError, match="404"):
        ids(place.driver(), lookup("note", "anna.berg@example.org", kind="email", mention=True))


def test_a_collection_that_the_service_does_not_have(make: Any) -> None:
    place = make("page", path="/nobody")
    assert place.driver().schema().collections == {}
    with pytest.raises(UsageError, match="404"):
        ids(place.driver(), ANNA)


def test_nobody_there() -> None:
    system = described(f"http://127.0.0.1:{free_port()}/")
    with pytest.raises(UnreachableError, match="can't be reached"):
        RestDriver(system, Path(), lambda: PASSWORD).sample("people", 1, Cancel())


def test_it_can_be_stopped_while_it_waits(make: Any) -> None:
    place = make("page")
    cancel = Cancel()

    def busy(_: Request) -> Response:
        cancel.cancel()
        return answer({}, 503)

    place.service.always = busy
    with pytest.raises(CancelledError):
        list(place.driver().find([ANNA], cancel))
    assert len(place.service.asked) == 1


# -- who asks --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("style", ["page", "cursor", "link"])
@pytest.mark.parametrize("secret", ["wrong", None, "", "two\r\nX-Admin: 1"])
def test_wrong_credentials(make: Any, style: str, secret: str | None) -> None:
    place = make(style)
    driver = RestDriver(place.system, place.folder, lambda: secret)
    with pytest.raises(CredentialsError) as caught:
        hits(driver, ANNA)
    assert not secret or secret not in caught.value.diagnostics()


def test_what_an_account_may_not_do_is_said(make: Any) -> None:
    place = make("page")
    place.service.always = status(403)
    with pytest.raises(CredentialsError, match="403"):
        ids(place.driver(), ANNA)


def test_no_password_goes_to_another_host(make: Any, elsewhere: HTTPServer) -> None:
    elsewhere.clear()
    asked: list[Request] = []
    elsewhere.expect_request(ANY).respond_with_handler(lambda r: asked.append(r) or answer([]))
    place = make("link")
    place.service.faults = [status(302, Location=elsewhere.url_for("/v1/people"))]
    with pytest.raises(UnreachableError, match="elsewhere"):
        ids(place.driver(), ANNA)
    place.service.faults = [lambda _: answer([place.service.rows["1"]], Link=f'<{elsewhere.url_for("/v1/people")}>; rel="next"')]
    with pytest.raises(UnreachableError, match="another address"):
        ids(place.driver(), ANNA)
    assert asked == []


def test_the_environment_is_not_asked(make: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    port = free_port()
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
    (tmp_path / "netrc").write_text("machine localhost login me password other")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    assert ids(make("cursor").driver(), ANNA) == ["1", "2"]


def test_a_token_is_asked_for_once_and_again_when_it_ran_out(make: Any, elsewhere: HTTPServer) -> None:
    given = iter(["first", PASSWORD])
    asked: list[Request] = []

    def grant(request: Request) -> Response:
        asked.append(request)
        known = request.authorization
        assert known and (known.username, known.password) == ("the+desk", "s3cret%2FPasswort%21")  # RFC 6749 section 2.3.1
        assert request.form.to_dict() == {"grant_type": "client_credentials", "scope": "read"}
        return answer({"access_token": next(given)})

    elsewhere.clear()
    elsewhere.expect_request(ANY).respond_with_handler(grant)
    place = make("cursor")
    auth = {"kind": "oauth2", "token_url": elsewhere.url_for("/token"), "client_id": "the desk", "scope": "read"}
    system = replace(place.system, options={**place.system.options, "auth": auth})
    assert ids(RestDriver(system, place.folder, lambda: "s3cret/Passwort!"), ANNA) == ["1", "2"]
    assert len(asked) == 2
    elsewhere.clear()
    elsewhere.expect_request(ANY).respond_with_handler(status(400))
    with pytest.raises(CredentialsError, match="no token"):
        ids(RestDriver(system, place.folder, lambda: "s3cret/Passwort!"), ANNA)


def test_nothing_personal_or_secret_is_told(make: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for fault in (
        status(500),
        status(404),
        status(418),
        raw(b'[{"id": "anna.berg@example.org"'),
        raw(b'{"anna.berg@example.org": 1}'),
    ):
        place = make("page")
        place.service.always = fault
        with pytest.raises(DeskError) as caught:
            hits(place.driver(), replace(ANNA, plain=True))
        told = f"{caught.value.diagnostics()}{caught.value.__cause__}{caught.value.__suppress_context__}"
        assert "anna.berg" not in told and PASSWORD not in told
    ours = [r.getMessage() for r in caplog.records if not r.name.startswith("werkzeug")]  # the peer writes its own log
    assert not any("anna.berg" in line or PASSWORD in line for line in ours)


# -- writing ---------------------------------------------------------------------------------------------------------------


def lost(place: RestPlace, then: Callable[[Request], Response | None] | None = None) -> Callable[[Request], Response]:
    """The order is carried out, and its answer is lost."""

    def fail(request: Request) -> Response:
        place.service.route(request)
        return answer({}, 502)

    return fail


def orders(place: RestPlace) -> list[str]:
    return [r.method for r in place.service.asked if r.method != "GET"]


def on_order(place: RestPlace, fault: Callable[[Request], Response | None]) -> None:
    """The next order meets this; questions don't."""
    left = [fault]
    place.service.always = lambda r: left.pop()(r) if r.method != "GET" and left else None


@pytest.mark.parametrize("style", ["page", "cursor", "link"])
def test_an_order_whose_answer_was_lost_is_not_given_twice(make: Any, style: str) -> None:
    for todo_of in (lambda p: work(p, delete=["1"]), lambda p: work(p, change={"1": {"name": "Erased"}})):
        place = make(style)
        todo = todo_of(place)
        on_order(place, lost(place))
        done = apply(place.driver(), todo)
        assert done.deleted + done.changed == 1
        assert len(orders(place)) == 1


def test_an_order_that_was_not_taken_is_given_again_where_that_is_safe(make: Any) -> None:
    place = make("cursor")
    on_order(place, status(503))
    assert apply(place.driver(), work(place, change={"1": {"name": "Erased"}})).changed == 1
    assert orders(place) == ["PUT", "PUT"]
    place = make("page")  # PATCH without a mark: nobody knows what twice would do
    on_order(place, status(503))
    with pytest.raises(UnreachableError):
        apply(place.driver(), work(place, change={"1": {"name": "Erased"}}))
    assert orders(place) == ["PATCH"]
    place = make("link")  # POST with a mark
    on_order(place, status(503))
    assert apply(place.driver(), work(place, change={"1": {"name": "Erased"}})).changed == 1
    marks = {r.headers["Idempotency-Key"] for r in place.service.asked if r.method != "GET"}
    assert orders(place) == ["POST", "POST"] and len(marks) == 1


def test_the_mark_of_an_order_is_the_same_when_it_is_finished_later_and_another_for_another(make: Any) -> None:
    place = make("link")
    todo = work(place, change={"1": {"name": "Erased"}, "2": {"name": "Erased"}})

    place.service.always = lambda r: answer({}, 400) if r.method != "GET" else None
    with pytest.raises(DeskError):
        apply(place.driver(), todo)
    place.service.always, place.service.marks = None, {}
    assert apply(place.driver(), todo, {"records": 2}).changed == 2
    marks = [r.headers["Idempotency-Key"] for r in place.service.asked if r.method != "GET"]
    assert len(marks) == 3 and marks[0] == marks[1] != marks[2]


def test_a_lost_order_and_somebody_else_leave_doubt(make: Any) -> None:
    place = make("cursor")
    todo = work(place, change={"1": {"name": "Erased"}})

    def meanwhile(request: Request) -> Response:
        place.change("1", "note", "something else")
        return answer({}, 502)

    on_order(place, meanwhile)
    with pytest.raises(InDoubtError, match="place/people/1"):
        apply(place.driver(), todo)
    assert place.service.rows["1"]["profile"]["name"] == "Anna Berg"


def test_a_record_that_changed_after_it_was_read_is_kept_by_its_etag(make: Any) -> None:
    place = make("cursor")
    todo = work(place, delete=["1"])

    def meanwhile(request: Request) -> None:
        place.change("1", "note", "something else")

    on_order(place, meanwhile)
    with pytest.raises(DriftError):
        apply(place.driver(), todo)
    assert place.service.rows["1"]["note"] == "something else"


def test_an_order_that_is_refused_says_so(make: Any) -> None:
    place = make("page")
    todo = work(place, delete=["1", "2"])
    on_order(place, status(422))
    with pytest.raises(RefusedError, match="422"):
        apply(place.driver(), todo)
    assert len(place.service.rows) == 8


def test_a_service_that_says_yes_and_does_nothing_is_found_out(make: Any) -> None:
    for todo_of in (lambda p: work(p, delete=["1"]), lambda p: work(p, change={"1": {"name": "Erased"}})):
        place = make("page")
        todo = todo_of(place)
        place.service.always = lambda r: answer({}) if r.method != "GET" else None
        with pytest.raises(InDoubtError):
            apply(place.driver(), todo)


def test_a_deletion_that_takes_its_time_is_waited_for(make: Any) -> None:
    place = make("page", delete={"wait": 5})
    todo = work(place, delete=["1"])
    looks: list[int] = []

    def later(request: Request) -> Response | None:
        if request.method == "DELETE":
            looks.append(0)
            return answer({"status": "accepted"}, 202)
        if looks and request.path.endswith("/1"):
            looks.append(1)
            if len(looks) == 3:
                place.remove("1")
        return None

    place.service.always = later
    assert apply(place.driver(), todo).deleted == 1
    place = make("page", delete={"wait": 0.3})
    todo = work(place, delete=["1"])
    place.service.always = lambda r: answer({}, 202) if r.method == "DELETE" else None
    with pytest.raises(InDoubtError, match="still stands there"):
        apply(place.driver(), todo)


def test_a_service_that_gives_another_record_is_not_believed(make: Any) -> None:
    place = make("page")
    todo = work(place, delete=["1"])
    place.service.always = lambda r: answer(place.service.rows["6"]) if r.path.endswith("/1") else None
    with pytest.raises(UnreachableError, match="another record"):
        apply(place.driver(), todo)
    assert orders(place) == []


# -- names that are none -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "key", ["a/b", "a%2Fb", "../people/6", "..%2f6", "?x=1", "#", "6?", "ä ö", "a\\b", ";", "a:b", "%00", "{id}"]
)
def test_keys_that_look_like_paths_are_one_segment(make: Any, key: str) -> None:
    place = make("page")
    place.insert({**place.service.rows["1"], "id": key})
    before = place.dump()
    row = next(h.row for h in hits(place.driver(), lookup("customer", "1007")) if h.row.key["id"] == key)
    todo = Work("place", (step(row),), (), KEY)
    assert place.driver().rehearse(todo, Cancel()) == []
    assert apply(place.driver(), todo).deleted == 1
    del before[key]
    assert place.dump() == before


@pytest.mark.parametrize("key", [".", "..", "\ud800"])
def test_keys_that_no_address_can_hold_are_refused(make: Any, key: str) -> None:
    place = make("page")
    place.insert({**place.service.rows["1"], "id": key})
    row = next(h.row for h in hits(place.driver(), lookup("customer", "1007")) if h.row.key["id"] == key)
    (refusal,) = place.driver().rehearse(Work("place", (step(row),), (), KEY), Cancel())
    assert "key" in refusal.why
    place.service.asked.clear()
    with pytest.raises(UsageError, match="can't stand in an address"):
        list(place.driver().read([(row.ref, row.key)], Cancel()))
    assert place.service.asked == []


def test_what_nobody_described_is_refused_when_it_is_rehearsed(make: Any) -> None:
    place = make("page", update=None, delete=False)
    rows = every(place.driver())
    todo = Work("place", (step(rows["1"]), step(rows["2"], {"name": "Erased"})), (), KEY)
    assert [r.why for r in place.driver().rehearse(todo, Cancel())] == [
        "its catalog file does not say how a record is deleted",
        "its catalog file does not say how a record is updated",
    ]
    place = make("page")
    todo = Work("place", (step(rows["2"], {"id": "9", "fax": "1", "name": b"\0", "email": float("nan")}),), (), KEY)
    assert [r.field for r in place.driver().rehearse(todo, Cancel())] == ["id", "fax", "name", "email"]


# -- the service's own search ------------------------------------------------------------------------------------------------


def test_the_services_search_answers_only_where_a_value_has_one_form(make: Any) -> None:
    place = make("page")
    kay = replace(lookup("email", "jürgen@example.org", kind="email"), plain=True)
    assert ids(place.driver(), kay) == ["6"]
    assert [r.args.get("email") for r in place.service.asked][-1] == "jürgen@example.org"
    place.service.asked.clear()
    assert ids(place.driver(), ANNA) == ["1", "2"]
    assert not any("email" in r.args for r in place.service.asked)


def test_a_value_never_becomes_part_of_a_question(make: Any) -> None:
    place = make("page")
    value = "anna&page=2#/../x@example.org"
    assert ids(place.driver(), replace(lookup("email", value, kind="email"), plain=True)) == []
    assert [r.args["email"] for r in place.service.asked if "email" in r.args] == [value]


def test_a_search_that_nobody_described_is_no_empty_answer(make: Any) -> None:
    place = make("page", list=False)
    with pytest.raises(UsageError, match="found by its"):
        ids(place.driver(), lookup("customer", "1007"))


# -- certificates ------------------------------------------------------------------------------------------------------------


def certificate(folder: Path, name: str, days: int, host: str = "localhost") -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    called = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    now = datetime.datetime.now(datetime.UTC)
    names: list[x509.GeneralName] = [x509.DNSName(host)]
    if host == "localhost":
        names.append(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
    made = (
        x509.CertificateBuilder(called, called, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=30))
        .not_valid_after(now + datetime.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName(names), False)
        .add_extension(x509.BasicConstraints(True, None), True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / f"{name}.pem", folder / f"{name}.key"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    pem = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    paths[1].write_bytes(key.private_bytes(*pem))
    return paths


@pytest.mark.parametrize(
    ("days", "host", "trusted", "says"),
    [
        (30, "localhost", False, "is signed by itself"),
        (-1, "localhost", True, "has expired"),
        (30, "elsewhere.example", True, "is for another host"),
        (30, "localhost", True, ""),
    ],
)
def test_certificates_are_checked(tmp_path: Path, days: int, host: str, trusted: bool, says: str) -> None:
    public, private = certificate(tmp_path, "server", days, host)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    with HTTPServer(ssl_context=context) as running:
        asked: list[Request] = []
        running.expect_request(ANY).respond_with_handler(lambda r: asked.append(r) or answer([{"id": 1}]))
        system = described(f"https://localhost:{running.port}", certificates="server.pem" if trusted else "")
        driver = RestDriver(system, tmp_path, lambda: PASSWORD)
        if not says:
            assert driver.sample("people", 1, Cancel()) == [{"id": 1}]
            return
        with pytest.raises(UnreachableError, match=says):
            driver.sample("people", 1, Cancel())
        assert asked == []


def test_a_file_of_certificates_that_is_not_there(tmp_path: Path) -> None:
    driver = RestDriver(described("https://localhost:1", certificates="ca.pem"), tmp_path, lambda: PASSWORD)
    with pytest.raises(UnreachableError, match="certificates"):
        driver.sample("people", 1, Cancel())


def test_apply_asks_nothing_before_it_is_announced(make: Any) -> None:
    place = make("page")
    todo = work(place, delete=["1"])
    place.service.asked.clear()
    seen: list[list[str]] = []
    place.driver().apply(todo, Run(None, lambda _: seen.append(orders(place))))
    assert seen == [[]]

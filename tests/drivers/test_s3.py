"""The driver for S3 stores, against moto's server: versions and markers, locks, and whatever a store answers."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from botocore.session import Session
from pytest_httpserver import HTTPServer

from dsr_desk.drivers._rows.driver import MovedError
from dsr_desk.drivers._s3 import store as store_module
from dsr_desk.drivers.s3 import S3Driver
from dsr_desk.errors import CredentialsError, DeskError, DriftError, UnreachableError, UsageError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Field, System
from dsr_desk.model.finding import Lookup, Row
from dsr_desk.model.plan import Work
from tests import servers
from tests.drivers.contract import COLUMNS, KEY, PEOPLE, OneByOneContract, Place, apply, every, people, step, work

_SESSION = Session()  # it takes long to read what is known of the service


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    """The address of a store on loopback."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=servers.free_port(), verbose=False)
    running.start()
    try:
        yield "http://{}:{}".format(*running.get_host_and_port())
    finally:
        running.stop()


def client(endpoint: str) -> Any:
    return _SESSION.create_client(
        "s3", region_name="us-east-1", endpoint_url=endpoint, aws_access_key_id="reader", aws_secret_access_key="s"
    )


class S3Place(Place):
    """A bucket with a JSON object a person, below a prefix."""

    writes = False

    def __init__(self, endpoint: str, folder: Path, versions: bool, locks: bool = False) -> None:
        self.folder, self.client, self.bucket = folder, client(endpoint), f"b-{uuid4().hex}"
        self.client.create_bucket(Bucket=self.bucket, ObjectLockEnabledForBucket=locks)
        if versions and not locks:
            self.client.put_bucket_versioning(Bucket=self.bucket, VersioningConfiguration={"Status": "Enabled"})
        listed = people(names={name: f"data.{name}" for name in COLUMNS}, key="key")
        url, options = f"s3://reader@{self.bucket}/shop", {"endpoint": endpoint}
        self.system = System("place", "s3", url=url, region="DE", options=options, collections={"people": listed})
        for row in PEOPLE:
            self.insert(dict(zip(COLUMNS, row, strict=True)))

    def driver(self) -> S3Driver:
        return S3Driver(self.system, self.folder, lambda: "secret-of-the-store")

    def put(self, key: str, content: bytes, **more: Any) -> None:
        self.client.put_object(Bucket=self.bucket, Key=f"shop/{key}", Body=content, **more)

    def insert(self, row: Mapping[str, str | None]) -> None:
        self.put(f"people/{row['id']}.json", json.dumps(row).encode())

    def change(self, row: str, column: str, value: str | None) -> None:
        key = f"people/{row}.json"
        record = json.loads(self.client.get_object(Bucket=self.bucket, Key=f"shop/{key}")["Body"].read())
        self.put(key, json.dumps({**record, column: value}).encode())

    def remove(self, row: str) -> None:
        key = f"shop/people/{row}.json"
        for version in self.versions(key):
            self.client.delete_object(Bucket=self.bucket, Key=key, VersionId=version["VersionId"])

    def versions(self, key: str = "") -> list[dict[str, Any]]:
        page = self.client.list_object_versions(Bucket=self.bucket, Prefix=key)
        return [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]

    def dump(self) -> Any:
        return sorted((v["Key"], v["VersionId"], v["IsLatest"], v.get("ETag", ""), v["LastModified"]) for v in self.versions())


@pytest.fixture
def place(store: str, tmp_path: Path) -> Iterator[S3Place]:
    made = S3Place(store, tmp_path, True)
    yield made
    made.client.close()


@pytest.fixture
def plain(store: str, tmp_path: Path) -> Iterator[S3Place]:
    """A bucket that keeps no versions."""
    made = S3Place(store, tmp_path, False)
    yield made
    made.client.close()


class TestS3(OneByOneContract):
    pass


# -- versions and markers ----------------------------------------------------------------------------------------------


def test_without_versions_it_goes_on_where_a_run_was_stopped(plain: S3Place) -> None:
    OneByOneContract().test_a_run_that_is_stopped_anywhere_is_finished_by_the_next(plain)


def test_without_versions_a_change_in_the_moment_of_deleting_stays(plain: S3Place) -> None:
    OneByOneContract().test_a_record_changed_in_the_moment_of_writing_stays(plain)


def test_without_versions_a_changed_object_is_refused(plain: S3Place) -> None:
    OneByOneContract().test_a_changed_row_is_refused(plain, "note")


def test_every_version_and_marker_is_erased(place: S3Place) -> None:
    place.change("1", "note", "second")
    place.client.delete_object(Bucket=place.bucket, Key="shop/people/1.json")
    place.put("people/1.json", b'{"id": "1", "email": "anna.berg@example.org"}')
    row = every(place.driver())["1"]
    assert len(row.values["versions"]) == 4 and sum(v.startswith("marker:") for v in row.values["versions"]) == 1
    assert apply(place.driver(), Work("place", (step(row),), (), KEY)).deleted == 1
    assert place.versions("shop/people/1.json") == []


def test_what_stands_only_in_an_old_version_or_below_a_marker_is_found(place: S3Place) -> None:
    place.put("people/x.txt", b"write to old.friend@example.org")
    place.put("people/x.txt", b"nothing")
    place.client.delete_object(Bucket=place.bucket, Key="shop/people/x.txt")
    (row,) = found(place, Lookup("people", ("text",), (("old.friend@example.org",),), "email", mention=True))
    assert row.values["deleted"] is True and row.values["key"] == "people/x.txt"
    apply(place.driver(), Work("place", (step(row),), (), KEY))
    assert place.versions("shop/people/x.txt") == []


def test_a_version_that_somebody_adds_after_the_approval_is_drift(place: S3Place) -> None:
    todo = work(place, delete=["1"])
    record = place.client.get_object(Bucket=place.bucket, Key="shop/people/1.json")["Body"].read()
    place.put("people/1.json", record)  # the very same bytes
    before = place.dump()
    with pytest.raises(DriftError):
        apply(place.driver(), todo)
    assert place.dump() == before


def test_a_version_added_in_the_moment_of_deleting_keeps_the_object(place: S3Place) -> None:
    row = every(place.driver())["1"]
    record = place.client.get_object(Bucket=place.bucket, Key="shop/people/1.json")["Body"].read()
    place.put("people/1.json", record)  # the very same bytes
    before = place.dump()
    with pytest.raises(MovedError):
        place.driver().delete(place.system.collections["people"], row)
    assert place.dump() == before


def test_longer_lists_than_a_page_are_read_to_their_end(place: S3Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.change("3", "note", "second")
    monkeypatch.setattr(store_module, "_LIST", 2)
    assert len(every(place.driver())) == len(PEOPLE)
    assert len(every(place.driver())["3"].values["versions"]) == 2


def test_keys_of_all_kinds_are_found_and_deleted(place: S3Place) -> None:
    for key in (
        "people/a b+c%2F.txt",
        "people/\u202efdp.txt",
        "people/ü\tx.txt",
        "people/&amp;<.txt",
        "people/.txt/",
    ):
        place.put(key, b"unique.person@example.org")
        (row,) = found(place, Lookup("people", ("text",), (("unique.person@example.org",),), "email", mention=True))
        assert row.values["key"] == key
        assert apply(place.driver(), Work("place", (step(row),), (), KEY)).deleted == 1
        assert place.versions(f"shop/{key}") == []


def test_metadata_and_tags_are_fields(place: S3Place) -> None:
    place.put("people/t.txt", b"x", Metadata={"customer": "1007"}, Tagging="owner=Anna")
    fields = {
        **place.system.collections["people"].fields,
        "metadata.customer": Field("metadata.customer"),
        "tags.owner": Field("tags.owner"),
    }
    place.system = replace(place.system, collections={"people": replace(place.system.collections["people"], fields=fields)})
    (row,) = found(place, Lookup("people", ("metadata.customer",), (("1007",),), "customer_id"))
    assert row.values["tags.owner"] == "Anna"
    assert {"metadata.customer", "tags.owner", "versions"} <= set(place.driver().schema().collections["people"].columns)


# -- what forbids it ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lock", ["retention", "hold"])
def test_a_locked_object_is_refused_by_name(store: str, tmp_path: Path, lock: str) -> None:
    place = S3Place(store, tmp_path, True, locks=True)
    which = {"Bucket": place.bucket, "Key": "shop/people/1.json"}
    if lock == "hold":
        place.client.put_object_legal_hold(**which, LegalHold={"Status": "ON"})
    else:
        until = datetime(2999, 1, 1, tzinfo=UTC)
        place.client.put_object_retention(**which, Retention={"Mode": "COMPLIANCE", "RetainUntilDate": until})
    (refusal,) = place.driver().rehearse(work(place, delete=["1", "2"]), Cancel())
    assert (
        refusal.collection == "people" and ("2999-01-01" if lock == "retention" else "legal hold") in refusal.why and refusal.cure
    )
    place.client.close()


def test_a_bucket_that_is_not_there_is_named(place: S3Place) -> None:
    place.system = replace(place.system, url="s3://reader@no-such-bucket/shop")
    with pytest.raises(UsageError, match="no such bucket"):
        every(place.driver())


def test_a_folder_that_is_not_there_is_no_empty_answer(place: S3Place) -> None:
    place.system = replace(place.system, collections={"people": replace(place.system.collections["people"], table="poeple")})
    with pytest.raises(UsageError, match="no objects in people"):
        every(place.driver())


def test_a_text_that_can_not_be_read_ends_the_search_but_hides_nothing(place: S3Place) -> None:
    place.put("people/scan.pdf", b"%PDF-1.7 broken")
    asked = Lookup("people", ("data.email", "text"), (("anna.berg@example.org",),), "email", mention=True)
    driver, rows = place.driver(), []
    with pytest.raises(UnreachableError, match=r"people/scan\.pdf"):
        for batch in driver.find([asked], Cancel()):
            rows += batch
    assert len(rows) == 3
    place.system = replace(place.system, options={**place.system.options, "by_hand": ["**/scan.*"]})
    assert len(found(place, asked)) == 3


def test_all_folders_are_named_to_begin_with(place: S3Place) -> None:
    place.put("loose.txt", b"x")
    place.put("letters/2024/a.txt", b"x")
    place.system = replace(place.system, collections={})
    assert set(place.driver().schema().others) == {"people", "letters", "*"}


@pytest.mark.parametrize(
    "options",
    [
        {"url": "s3:///x"},
        {"url": "https://bucket"},
        {"url": "s3://a b/"},
        {"options": {"endpoint": "http://s3.example.org"}},
        {"options": {"endpoint": "ftp://x"}},
        {"options": {"endpoint": "https://user:pw@x"}},
    ],
)
def test_addresses_that_are_none_are_refused(tmp_path: Path, options: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        S3Driver(System("place", "s3", **{"url": "s3://bucket/x", **options}), tmp_path)


# -- what a store may answer -------------------------------------------------------------------------------------------


def error(code: str) -> str:
    return f"<Error><Code>{code}</Code><Message>anna.berg@example.org is not welcome</Message><Region>eu-west-9</Region></Error>"


def answering(httpserver: HTTPServer, tmp_path: Path) -> S3Driver:
    system = System(
        "place",
        "s3",
        url="s3://reader@bucket",
        options={"endpoint": httpserver.url_for("")},
        collections={"people": people(key="key")},
    )
    return S3Driver(system, tmp_path, lambda: "secret-of-the-store")


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("InvalidAccessKeyId", 403, CredentialsError),
        ("SignatureDoesNotMatch", 403, CredentialsError),
        ("AccessDenied", 403, CredentialsError),
        ("PermanentRedirect", 301, UnreachableError),
        ("TemporaryRedirect", 307, UnreachableError),
        ("AuthorizationHeaderMalformed", 400, UnreachableError),
        ("anna.berg@example.org", 400, UnreachableError),
    ],
)
def test_a_refusal_is_told_in_our_words_and_never_followed(
    httpserver: HTTPServer, tmp_path: Path, caplog: pytest.LogCaptureFixture, code: str, status: int, kind: type[DeskError]
) -> None:
    caplog.set_level(logging.DEBUG)
    elsewhere: list[Any] = []
    httpserver.expect_request("/elsewhere").respond_with_handler(lambda request: elsewhere.append(request))
    headers = {"Location": httpserver.url_for("/elsewhere"), "x-amz-bucket-region": "eu-west-9"}
    httpserver.expect_request(re.compile("/bucket.*")).respond_with_data(error(code), status, headers, "application/xml")
    with pytest.raises(kind) as caught:
        answering(httpserver, tmp_path).schema()
    assert len(httpserver.log) == 1 and not elsewhere
    told = caught.value.diagnostics() + caplog.text
    assert "anna" not in told and "secret-of-the-store" not in told and caught.value.hint


def test_a_store_that_asks_to_slow_down_is_asked_again_later(
    httpserver: HTTPServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr("botocore.endpoint.time.sleep", waited.append)
    httpserver.expect_request(re.compile("/bucket.*")).respond_with_data(error("SlowDown"), 503, content_type="application/xml")
    with pytest.raises(UnreachableError, match="less often"):
        answering(httpserver, tmp_path).schema()
    assert len(httpserver.log) == 5 and len(waited) == 4


@pytest.mark.parametrize(
    "body", ["<ListVersionsResult><IsTruncated>true</IsTruncated></ListVersionsResult>", "<ListVersionsRes", "no XML at all"]
)
def test_a_list_that_breaks_off_is_not_taken_for_the_end(httpserver: HTTPServer, tmp_path: Path, body: str) -> None:
    httpserver.expect_request(re.compile("/bucket.*")).respond_with_data(body, 200, content_type="application/xml")
    driver = answering(httpserver, tmp_path)
    driver.system = replace(driver.system, collections={"people": replace(driver.system.collections["people"], table="**/*")})
    with pytest.raises(UnreachableError):
        list(driver.find([Lookup("people", ("key",), (("x",),))], Cancel()))


def test_nobody_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    system = System("place", "s3", url="s3://bucket", options={"endpoint": f"http://127.0.0.1:{servers.free_port()}"})
    with pytest.raises(UnreachableError, match="could not be reached"):
        S3Driver(system, tmp_path).schema()


def test_no_password_is_said_before_anything_is_asked(tmp_path: Path) -> None:
    with pytest.raises(CredentialsError, match="keyring"):
        S3Driver(System("place", "s3", url="s3://reader@bucket"), tmp_path).schema()


def found(place: S3Place, asked: Lookup) -> list[Row]:
    driver = place.driver()
    try:
        return [hit.row for batch in driver.find([asked], Cancel()) for hit in batch]
    finally:
        driver.close()

"""Web services through the desk: each connector finds and erases one of three people at a service that answers as documented."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from dsr_desk.audit import trail
from dsr_desk.drivers import rest
from dsr_desk.drivers._rest import web, writing
from dsr_desk.flow.desk import Desk
from dsr_desk.model.cancel import Cancel
from dsr_desk.store import keys
from dsr_desk.store.workspace import Settings, Workspace
from tests.connectors.vendors.base import PAGE, Vendor, mail
from tests.connectors.vendors.hubspot import Hubspot
from tests.connectors.vendors.mailchimp import Mailchimp
from tests.connectors.vendors.shopify import Shopify
from tests.connectors.vendors.stripe import Stripe
from tests.connectors.vendors.zendesk import Zendesk
from tests.flow.world import PASSPHRASE, marks, no_pdf

READY = Path(__file__).parents[2] / "connectors"
VENDORS: dict[str, type[Vendor]] = {v.name: v for v in (Hubspot, Mailchimp, Shopify, Stripe, Zendesk)}
ANN = [("email", mail("ann"))]


@dataclass
class Place:
    """A workspace whose one system is the vendor's."""

    vendor: Vendor
    desk: Desk


@pytest.fixture(scope="module")
def server() -> Iterator[HTTPServer]:
    with HTTPServer(threaded=True) as running:
        yield running


def unhurried(seconds: float, cancel: Cancel) -> None:
    """Nothing waits in a test; who would wait without an end is told to stop by the test's own limits."""
    cancel.check()


@pytest.fixture(params=sorted(VENDORS))
def place(request: pytest.FixtureRequest, server: HTTPServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setattr(keys, "_MEMORY_KIB", 8 * 1024)
    monkeypatch.setattr(keys, "_ITERATIONS", 1)
    monkeypatch.setattr(web, "pause", unhurried)
    monkeypatch.setattr(writing, "pause", unhurried)
    vendor = VENDORS[request.param]()
    server.clear()
    server.expect_request(re.compile(".*")).respond_with_handler(vendor)
    vendor.url = server.url_for(vendor.base)
    (tmp_path / "catalog").mkdir()
    url = vendor.url.replace("//", f"//{vendor.user}", 1)
    (tmp_path / "catalog" / "it.yaml").write_text(f"system: it\nconnector: {vendor.name}\nurl: {url}\n", encoding="utf-8")
    made = Workspace.create(tmp_path, operator="Ada", settings=Settings("Desk"), passphrase=PASSPHRASE, trail=trail)
    desk = Desk(made, no_pdf)
    desk.set_secret("it", "key")
    yield Place(vendor, desk)
    made.close()


def test_every_service_is_tried() -> None:
    said = {p.stem for p in READY.glob("*.yaml") if "\ndriver: rest" in p.read_text(encoding="utf-8")}
    assert said == set(VENDORS)


def test_every_documented_column_is_covered(place: Place) -> None:
    check = place.desk.check_catalog()
    assert check.ok, [f"{p.where} {p.message}" for p in check.problems]
    assert [f"{p.code} {p.collection}.{p.field}: {p.message}" for p in check.warnings] == []
    (health,) = check.systems
    assert health.reachable and not health.uncovered and health.known_columns == health.live_columns > 20
    assert {line.split()[0] for line in place.vendor.asked} == {"GET"}


def test_her_records_are_found_erased_and_nothing_else_is(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    vendor, desk = place.vendor, place.desk
    desk.accept_catalog()
    before = vendor.state()
    vendor.asked.clear()
    monkeypatch.setattr(
        rest, "_SAMPLE", PAGE
    )  # one page shows which columns there are: a second one is read only by going through all
    assert marks(desk.quick_search(ANN)) == {
        f"it/{ref}": why for ref, why in (dict.fromkeys(vendor.own, "") | dict(vendor.review)).items()
    }
    assert [line for line in vendor.unread if vendor.asked.count(line) > 1] == []

    ref = desk.open_request("erasure", ANN, date.today()).ref
    plan = desk.make_plan(ref)
    assert not plan.refusals, [f"{r.collection}.{r.field}: {r.why}" for r in plan.refusals]
    assert vendor.state() == before, "something was written before it was approved"
    desk.approve(ref, plan.digest)
    applied = desk.apply(ref)
    assert applied.status == "applied", [(s.error, s.hint, s.rows) for s in applied.systems]
    proof = desk.verify(ref)
    assert (proof.status, proof.total("leftover")) == ("verified", 0), proof.leftovers

    now = vendor.state()
    others = {k: v for k, v in before.items() if k not in vendor.own}
    assert {k: v for k, v in now.items() if k not in vendor.own} == others
    kept = {k: v for k, v in before.items() if k in vendor.stays}
    assert {k: v for k, v in now.items() if k in vendor.stays} == kept
    for key in vendor.own - vendor.stays:
        assert not re.search(r"\bann\b", str(now.get(key, "")), re.IGNORECASE), key


def test_the_file_says_where_it_is_from_what_was_tried_and_what_was_not() -> None:
    for name in VENDORS:
        head = (READY / f"{name}.yaml").read_text(encoding="utf-8").partition("title:")[0]
        for words in ("Source, read 20", "not against the vendor", "Not verified:", "Not described:", "reads all"):
            assert words in head, f"{name}: {words}"

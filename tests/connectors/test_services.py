"""The connectors of web services: each is right, and does its work at a service built from the vendor's documented answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug.wrappers import Request, Response

from dsr_desk.catalog.read import read_catalog
from dsr_desk.drivers.rest import RestDriver
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import System
from dsr_desk.model.finding import Lookup
from dsr_desk.model.plan import Work
from tests.drivers.contract import KEY, apply, hits, step

SERVICES = ("stripe", "shopify", "hubspot", "mailchimp", "zendesk")
ANN, BOB = "ann@example.org", "bob@example.org"


def system(name: str, folder: Path, url: str = "https://api.example.org/v1") -> System:
    (folder / "catalog").mkdir()
    (folder / "catalog" / "it.yaml").write_text(f"system: it\nconnector: {name}\nurl: {url}\n")
    read = read_catalog(folder)
    assert read.errors == () and read.catalog is not None, read.errors
    made = read.catalog.systems["it"]
    return replace(made, options={**made.options, "limits": {"per_second": 1000}})


class Vendor:
    """Two people at each vendor; the paths and the forms of the answers are those of the documentation."""

    def __init__(self, name: str) -> None:
        self.name, self.orders = name, list[str]()
        mail = {"mailchimp": "email_address"}.get(name, "email")
        self.rows: dict[str, dict[str, Any]] = {str(i): {"id": i, mail: m} for i, m in ((1, ANN), (2, BOB))}
        for row in self.rows.values():
            if name == "hubspot":
                row |= {"id": str(row["id"]), "properties": {"email": row.pop("email"), "firstname": "A", "lastname": "B"}}
            if name == "stripe":
                row |= {"object": "customer"}
            if name == "mailchimp":
                row |= {"id": f"hash{row['id']}", "list_id": "aud"}
            if name == "zendesk":
                row |= {"name": "A B", "active": True}
            if name == "shopify":
                row |= {"first_name": "A", "last_name": "B", "phone": None, "note": None}

    def __call__(self, request: Request) -> Response:
        status, data = getattr(self, self.name)(request, request.path.removeprefix("/v1"))
        if request.method != "GET":
            self.orders.append(f"{request.method} {request.path}")
        return Response(json.dumps(data), status, content_type="application/json")

    def one(self, path: str) -> tuple[str, dict[str, Any] | None]:
        found = re.search(r"/(?:hash)?(\d+)(?:\.json|/actions/.*)?$", path)
        key = found[1] if found else ""
        return key, self.rows.get(key)

    def stripe(self, request: Request, path: str) -> tuple[int, Any]:
        key, row = self.one(path)
        if not key:
            rows = [r for r in self.rows.values() if not r.get("deleted")]
            return 200, {"object": "list", "data": rows, "has_more": False}
        if request.method == "DELETE":
            self.rows[key] = {"id": row and row["id"], "object": "customer", "deleted": True}
        return 200, self.rows[key]

    def shopify(self, request: Request, path: str) -> tuple[int, Any]:
        key, row = self.one(path)
        if "orders" in path:
            return 200, {"orders": []}
        if not key:
            return 200, {"customers": list(self.rows.values())}
        assert row is not None
        if request.method == "PUT":
            row |= json.loads(request.get_data())["customer"]
        return 200, {"customer": row}

    def hubspot(self, request: Request, path: str) -> tuple[int, Any]:
        if path.endswith("/gdpr-delete"):
            del self.rows[json.loads(request.get_data())["objectId"]]
            return 204, None
        key, row = self.one(path)
        if not key:
            return 200, {"results": list(self.rows.values())}
        return (200, row) if row else (404, {"status": "error"})

    def mailchimp(self, request: Request, path: str) -> tuple[int, Any]:
        if request.args.get("offset", "0") != "0":
            return 200, {"lists": [], "members": []}
        if path == "/lists":
            return 200, {"lists": [{"id": "aud", "name": "News"}]}
        key, row = self.one(path)
        if not key:
            return 200, {"list_id": "aud", "members": list(self.rows.values())}
        if path.endswith("delete-permanent"):
            del self.rows[key]
            return 204, None
        return (200, row) if row else (404, {"title": "Resource Not Found"})

    def zendesk(self, request: Request, path: str) -> tuple[int, Any]:
        key, row = self.one(path)
        if not key:
            rows = [r for r in self.rows.values() if r["active"]]
            return 200, {"users": rows, "meta": {"has_more": False}, "links": {"next": None}}
        assert row is not None
        if request.method == "DELETE":
            row["active"] = False
            if "deleted_users" in path:
                row |= {"email": None, "name": "Permanently Deleted User"}
        return 200, {"user": row}


@pytest.fixture(scope="module")
def server() -> Iterator[HTTPServer]:
    with HTTPServer(threaded=True) as running:
        yield running


@pytest.mark.parametrize("name", SERVICES)
def test_a_person_is_found_and_erased_and_the_other_stays(name: str, server: HTTPServer, tmp_path: Path) -> None:
    server.clear()
    vendor = Vendor(name)
    server.expect_request(re.compile(".*")).respond_with_handler(vendor)
    made = system(name, tmp_path, server.url_for("/v1"))
    collection = next(c for c in made.collections.values() if c.on_erase in ("delete", "redact"))
    (mail,) = (f.name for f in collection.fields.values() if f.identity == "email")
    asked = Lookup(collection.name, (mail,), ((ANN,),), "email")

    def driver() -> RestDriver:
        return RestDriver(made, tmp_path, lambda: "key")

    (found,) = hits(driver(), asked)
    other = json.dumps(vendor.rows["2"])
    writes = {mail: "x@erased.invalid", "first_name": "Erased"} if collection.on_erase == "redact" else None
    todo = Work("it", (step(found.row, writes),), (), KEY)
    assert driver().rehearse(todo, Cancel()) == []
    apply(driver(), todo)
    assert len(vendor.orders) == (2 if name == "zendesk" else 1)
    assert ANN not in json.dumps(vendor.rows) and json.dumps(vendor.rows["2"]) == other
    assert hits(driver(), asked) == []


@pytest.mark.parametrize("name", SERVICES)
def test_the_file_says_where_it_is_from_and_what_was_tried(name: str) -> None:
    head = (Path(__file__).parents[2] / "connectors" / f"{name}.yaml").read_text().partition("title:")[0]
    assert "Source: " in head and "not against the vendor" in head and "Not described:" in head

"""A small web service in memory, in three of the styles that real ones have, that a test can make fail in every way."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from pytest_httpserver import HTTPServer
from werkzeug.wrappers import Request, Response

from dsr_desk.drivers.rest import RestDriver
from dsr_desk.model.catalog import Collection, System
from tests.drivers.contract import COLUMNS, PEOPLE, Place, people

PASSWORD = "s3cret-Passwort"
QUICK = {"limits": {"per_second": 1000}, "longest_wait": 0.02}

ANY = re.compile(".*")
Fault = Callable[[Request], Response | None]


def answer(data: Any, status: int = 200, **headers: str) -> Response:
    return Response(json.dumps(data), status, {n.replace("_", "-"): v for n, v in headers.items()}, content_type="application/json")


@dataclass
class Service:
    """``rows`` by id. ``faults`` are asked first, each for one request; ``always`` for every one. ``asked`` is what was asked."""

    url: str
    style: str
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    always: Fault | None = None
    asked: list[Request] = field(default_factory=list)
    marks: dict[str, Response] = field(default_factory=dict)
    versions: int = 0

    def __call__(self, request: Request) -> Response:
        request.get_data()
        self.asked.append(request)
        for fault in [self.faults.pop(0)] if self.faults else [self.always] if self.always else []:
            if (failed := fault(request)) is not None:
                return failed
        if not self.known(request):
            return answer({"error": "who are you"}, 401)
        mark = request.headers.get("Idempotency-Key")
        if mark and mark in self.marks:
            return self.marks[mark]
        given = self.route(request)
        if mark:
            self.marks[mark] = given
        return given

    def known(self, request: Request) -> bool:
        shown = {"page": request.headers.get("X-Api-Key"), "cursor": request.headers.get("Authorization", "")[7:]}
        auth = request.authorization
        return shown.get(self.style, auth and auth.username == "me" and auth.password) == PASSWORD

    def route(self, request: Request) -> Response:
        parts = request.environ["RAW_URI"].partition("?")[0].split("/")[1:] if "RAW_URI" in request.environ else []
        _, collection, *rest = parts or request.path.split("/")[1:]
        if collection != "people":
            return answer({"error": "no such thing"}, 404)
        if not rest:
            return self.listed(request)
        (key,) = [unquote(p) for p in rest]
        row = self.rows.get(key)
        if row is None or row.get("deleted"):
            return answer(row, 200) if row and self.style == "link" else answer({"error": "gone"}, 404)
        match = request.headers.get("If-Match")
        if match and match != self.etag(row):
            return answer({"error": "changed"}, 412)
        if request.method == "DELETE":
            if self.style == "link":
                self.rows[key] = {"id": key, "deleted": True}
            else:
                del self.rows[key]
            return answer({"id": key}, 200)
        if request.method in ("PATCH", "PUT", "POST"):
            self.take(row, request)
        shown = {"person": row} if self.style == "cursor" else row
        return answer(shown, ETag=self.etag(row)) if self.style == "cursor" else answer(shown)

    def etag(self, row: Mapping[str, Any]) -> str:
        return '"' + hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()[:16] + '"'

    def take(self, row: dict[str, Any], request: Request) -> None:
        if self.style == "page":  # PATCH with the fields alone (RFC 7396)
            row.update(json.loads(request.get_data()))
        elif self.style == "cursor":  # PUT with all of it, in an envelope
            sent = json.loads(request.get_data())["person"]
            row.clear()
            row.update(sent)
        else:  # a form
            row.update({name: value or None for name, value in request.form.items()})
            self.versions += 1
            row["updated_at"] = f"2026-01-01T00:00:{self.versions:02}Z"

    def listed(self, request: Request) -> Response:
        rows = [r for r in self.rows.values() if not r.get("deleted")]
        query = request.args.get("email")
        if query is not None:
            rows = [r for r in rows if (r.get("email") or "").lower() == query.lower()]
        size = 3
        if self.style == "page":
            page = int(request.args["page"])
            return answer(rows[(page - 1) * size : page * size])
        keys = [r["id"] for r in rows]
        after = request.args.get("after")
        start = keys.index(after) + 1 if after in keys else 0
        shown, more = rows[start : start + size], start + size < len(rows)
        if self.style == "cursor":
            return answer({"data": {"items": shown}, "meta": {"next": shown[-1]["id"] if more else None}})
        short = [{n: v for n, v in r.items() if n != "secret_note"} for r in shown]
        link = {"Link": f'<{self.url}/v1/people?after={shown[-1]["id"]}>; rel="next", </v1/people>; rel="first"'} if more else {}
        return answer(short, **link)


OPTIONS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "page": (
        {"auth": {"kind": "header", "header": "X-Api-Key"}},
        {
            "paging": {"style": "page", "param": "page"},
            "find": {"email": {"params": {"email": "{value}", "page": "1"}, "paging": "none"}},
            "update": {},
            "delete": True,
        },
    ),
    "cursor": (
        {"auth": "bearer"},
        {
            "records": "data.items",
            "paging": {"style": "cursor", "param": "after", "next": "meta.next"},
            "read": {"record": "person"},
            "update": {"method": "PUT", "body": "whole", "wrap": "person"},
            "delete": True,
            "if_match": "etag",
        },
    ),
    "link": (
        {"auth": "basic", "idempotency": "Idempotency-Key"},
        {
            "paging": "link",
            "summary": True,
            "read": {"gone": {"deleted": True}},
            "update": {"method": "POST", "type": "form"},
            "delete": True,
            "stamps": ["updated_at"],
        },
    ),
}


class RestPlace(Place):
    """A service with the rows of ``PEOPLE``; in the style ``cursor`` they are nested."""

    def __init__(self, server: HTTPServer, style: str, folder: Path, **options: Any) -> None:
        server.clear()
        self.service = Service(server.url_for("").rstrip("/"), style)
        server.expect_request(ANY).respond_with_handler(self.service)
        self.folder = folder
        names = {n: f"profile.{n}" for n in ("email", "phone", "name")} if style == "cursor" else {}
        service, endpoint = OPTIONS[style]
        user = "me@" if style == "link" else ""
        self.collection: Collection = people(names=names, options={**endpoint, **options})
        url = f"http://{user}{self.service.url.partition('//')[2]}/v1"
        self.system = System(
            "place", "rest", "Place", url, region="DE", options={**QUICK, **service}, collections={"people": self.collection}
        )
        for row in PEOPLE:
            self.insert(dict(zip(COLUMNS, row, strict=True)))

    def driver(self) -> RestDriver:
        return RestDriver(self.system, self.folder, lambda: PASSWORD)

    def insert(self, row: Mapping[str, str | None]) -> None:
        made: dict[str, Any] = dict(row)
        if self.service.style == "cursor":
            made["profile"] = {n: made.pop(n) for n in ("email", "phone", "name")}
        if self.service.style == "link":
            made |= {"secret_note": f"about {row['id']}", "updated_at": "2025-12-31T00:00:00Z"}
        self.service.rows[str(row["id"])] = made

    def change(self, row: str, column: str, value: str | None) -> None:
        made = self.service.rows.pop(row) if column == "id" else self.service.rows[row]
        inner = made["profile"] if column in made.get("profile", {}) else made
        inner[column] = value
        self.service.rows[made["id"]] = made

    def remove(self, row: str) -> None:
        del self.service.rows[row]

    def dump(self) -> Any:
        return json.loads(json.dumps(self.service.rows))

    def stamps(self) -> frozenset[str]:
        return frozenset({"updated_at"}) if self.service.style == "link" else frozenset()

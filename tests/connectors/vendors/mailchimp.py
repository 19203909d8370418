"""Mailchimp: audiences, and below each its members by the hash of their address."""

from __future__ import annotations

import hashlib
from typing import Any, ClassVar

from werkzeug.wrappers import Request

from tests.connectors.vendors.base import PAGE, PEOPLE, Answer, Vendor, mail


def hashed(who: str) -> str:
    return hashlib.md5(mail(who).encode(), usedforsecurity=False).hexdigest()


class Mailchimp(Vendor):
    name = "mailchimp"
    base = "/3.0"
    user = "any@"
    routes = (
        ("GET", r"/lists", "lists"),
        ("GET", r"/lists/(\w+)", "audience"),
        ("GET", r"/lists/(\w+)/members", "members"),
        ("GET", r"/lists/(\w+)/members/(\w+)", "member"),
        ("POST", r"/lists/(\w+)/members/(\w+)/actions/delete-permanent", "forget"),
    )
    own: ClassVar[frozenset[str]] = frozenset({f"members/news,{hashed('ann')}", f"members/shop,{hashed('ann')}"})

    def __init__(self) -> None:
        super().__init__()
        for audience in ("news", "shop", "staff"):
            self.put("lists", audience, id=audience, name=audience.capitalize(), date_created="2024-01-01T00:00:00+00:00")
        for who in PEOPLE:
            self.put("members", "news", hashed(who), **member("news", who))
        self.put("members", "shop", hashed("ann"), **member("shop", "ann"))

    def known(self, request: Request) -> bool:
        shown = request.authorization
        return shown is not None and shown.password == "key"

    def page(self, request: Request, name: str, rows: list[dict[str, Any]], **more: str) -> Answer:
        start = int(request.args.get("offset", "0"))
        return 200, {name: rows[start : start + min(PAGE, int(request.args["count"]))], "total_items": len(rows), **more}

    def lists(self, request: Request) -> Answer:
        return self.page(request, "lists", self.of("lists"))

    def audience(self, request: Request, key: str) -> Answer:
        row = self.get("lists", key)
        return (200, row) if row else (404, {"title": "Resource Not Found"})

    def members(self, request: Request, key: str) -> Answer:
        assert "_links" in request.args["exclude_fields"]
        return self.page(request, "members", [r for r in self.of("members") if r["list_id"] == key], list_id=key)

    def member(self, request: Request, audience: str, key: str) -> Answer:
        row = self.get("members", audience, key)
        return (200, row) if row else (404, {"title": "Resource Not Found", "status": 404})

    def forget(self, request: Request, audience: str, key: str) -> Answer:
        del self.rows[f"members/{audience},{key}"]
        return 204, None


def member(audience: str, who: str) -> dict[str, Any]:
    return {
        "id": hashed(who),
        "email_address": mail(who).capitalize(),
        "unique_email_id": f"u{who}",
        "contact_id": f"c{audience}{who}",
        "full_name": who.capitalize(),
        "web_id": 42,
        "email_type": "html",
        "status": "subscribed",
        "consents_to_one_to_one_messaging": True,
        "merge_fields": {"FNAME": who, "LNAME": "", "ADDRESS": "", "PHONE": "", "BIRTHDAY": ""},
        "interests": {},
        "stats": {"avg_open_rate": 0, "avg_click_rate": 0},
        "ip_signup": "",
        "timestamp_signup": "",
        "ip_opt": "203.0.113.7",
        "timestamp_opt": "2024-01-01T00:00:00+00:00",
        "member_rating": 2,
        "last_changed": "2024-01-01T00:00:00+00:00",
        "language": "en",
        "vip": False,
        "email_client": "",
        "location": {"latitude": 0, "longitude": 0, "gmtoff": 0, "dstoff": 0, "country_code": "DE", "timezone": "", "region": ""},
        "marketing_permissions": [{"marketing_permission_id": "p1", "text": "E-mail", "enabled": who != "cid"}],
        "source": "Import",
        "tags_count": 1,
        "tags": [{"id": 1, "name": "friends"}],
        "list_id": audience,
        **(
            {"last_note": {"note_id": 1, "created_at": "2024", "created_by": "Ada", "note": f"{who} called"}}
            if who == "ann"
            else {}
        ),
    }

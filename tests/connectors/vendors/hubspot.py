"""HubSpot: objects that give the properties they are asked for, with the contacts that they are associated with."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from werkzeug.wrappers import Request

from tests.connectors.vendors.base import PEOPLE, Answer, Vendor, after, mail

KINDS = ("tickets", "notes", "emails", "calls", "meetings")
MISSING = 404, {"status": "error", "category": "OBJECT_NOT_FOUND"}


class Hubspot(Vendor):
    name = "hubspot"
    base = ""
    routes = (
        ("POST", r"/crm/v3/objects/contacts/gdpr-delete", "forget"),
        ("GET", r"/crm/v3/objects/(\w+)", "listed"),
        ("GET", r"/crm/v3/objects/(\w+)/(\d+)", "one"),
        ("DELETE", r"/crm/v3/objects/(\w+)/(\d+)", "delete"),
    )
    own: ClassVar[frozenset[str]] = frozenset({"contacts/1", *(f"{kind}/11" for kind in KINDS)})

    def __init__(self) -> None:
        super().__init__()
        for number, who in enumerate(PEOPLE, 1):
            self.put(
                "contacts", number, id=str(number), properties={"email": mail(who), "firstname": who, "hs_additional_emails": None}
            )
            for kind in KINDS:
                self.put(kind, number * 10 + 1, id=f"{number}1", properties={text_of(kind): f"{who} asks"}, of=[str(number)])
        for kind in KINDS:
            self.put(kind, 91, id="91", properties={text_of(kind): "of nobody"}, of=[])

    def shown(self, request: Request, row: dict[str, Any]) -> dict[str, Any]:
        asked = request.args["properties"].split(",")
        assert all(name == name.strip() for name in asked), "a blank is part of a property's name"
        properties = {name: row["properties"].get(name) for name in asked}
        made = {"id": row["id"], "properties": properties, "createdAt": "2024", "updatedAt": "2024", "archived": False}
        if request.args.get("associations") == "contacts" and row["of"]:
            results = [{"id": one, "type": "to_contact"} for one in row["of"]]
            made["associations"] = {"contacts": {"results": results}}
        return made

    def listed(self, request: Request, kind: str) -> Answer:
        shown, more = after(self.of(kind), request.args.get("after"))
        onward = {"paging": {"next": {"after": shown[-1]["id"], "link": "?"}}} if more else {}
        return 200, {"results": [self.shown(request, r) for r in shown], **onward}

    def one(self, request: Request, kind: str, key: str) -> Answer:
        row = self.get(kind, key)
        return (200, self.shown(request, row)) if row else MISSING

    def delete(self, request: Request, kind: str, key: str) -> Answer:
        del self.rows[f"{kind}/{key}"]
        return 204, None

    def forget(self, request: Request) -> Answer:
        del self.rows[f"contacts/{json.loads(request.get_data())['objectId']}"]
        return 204, None


def text_of(kind: str) -> str:
    return {"tickets": "content", "notes": "hs_note_body", "emails": "hs_email_text", "calls": "hs_call_body"}.get(
        kind, "hs_meeting_body"
    )

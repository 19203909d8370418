"""Zendesk Support: users who are deleted twice, tickets that are asked for by requester, comments below each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from werkzeug.wrappers import Request

from tests.connectors.vendors.base import PEOPLE, Answer, Vendor, after, mail

AGENT = 90


class Zendesk(Vendor):
    name = "zendesk"
    base = "/api/v2"
    user = "agent%40example.org%2Ftoken@"
    routes = (
        ("GET", r"/users\.json", "users"),
        ("GET", r"/users/(\d+)\.json", "user_"),
        ("DELETE", r"/users/(\d+)\.json", "delete"),
        ("DELETE", r"/deleted_users/(\d+)\.json", "forget"),
        ("GET", r"/users/(\d+)/tickets/(\w+)\.json", "tickets_of"),
        ("GET", r"/tickets\.json", "tickets"),
        ("GET", r"/tickets/(\d+)\.json", "ticket"),
        ("GET", r"/tickets/(\d+)/comments\.json", "comments"),
    )
    own: ClassVar[frozenset[str]] = frozenset(
        {"users/1", "tickets/11", "tickets/12", "comments/11,111", "comments/11,112", "comments/12,121"}
    )
    stays: ClassVar[frozenset[str]] = own - {"users/1"}
    unread: ClassVar[frozenset[str]] = frozenset({"GET /tickets.json"})

    def __init__(self) -> None:
        super().__init__()
        for person, called in (*enumerate(PEOPLE, 1), (AGENT, "agent")):
            self.put("users", person, **user(person, called, "agent" if person == AGENT else "end-user"))
        for number, who, status in ((11, 1, "closed"), (12, 1, "solved"), (21, 2, "open"), (31, 3, "closed")):
            archived = number == 12
            name = PEOPLE[who - 1]
            self.put("tickets", number, **ticket(number, who, name, status), archived=archived)
            self.put("comments", number, f"{number}1", **comment(int(f"{number}1"), who, name))
        self.put("comments", 11, 112, **comment(112, AGENT, "agent"))

    def known(self, request: Request) -> bool:
        shown = request.authorization
        return bool(shown) and (shown.username, shown.password) == ("agent@example.org/token", "key")  # type: ignore[union-attr]

    def page(self, request: Request, name: str, rows: list[dict[str, Any]]) -> Answer:
        shown, more = after(rows, request.args.get("page[after]"))
        onward = f"{request.base_url}?page[size]=100&page[after]={shown[-1]['id']}" if shown else None
        return 200, {name: shown, "meta": {"has_more": more}, "links": {"next": onward if more else None, "prev": None}}

    def users(self, request: Request) -> Answer:
        return self.page(request, "users", [r for r in self.of("users") if r["active"]])

    def user_(self, request: Request, key: str) -> Answer:
        row = self.get("users", key)
        return (200, {"user": row}) if row else (404, {"error": "RecordNotFound"})

    def delete(self, request: Request, key: str) -> Answer:
        row = self.get("users", key)
        assert row is not None
        if any(t["requester_id"] == row["id"] and t["status"] not in ("closed", "solved") for t in self.of("tickets")):
            return 422, {"error": "RecordInvalid"}
        row["active"] = False
        return 200, {"user": row}

    def forget(self, request: Request, key: str) -> Answer:
        row = self.get("users", key)
        assert row is not None and row["active"] is False
        self.rows[f"users/{key}"] = {
            "id": row["id"],
            "active": False,
            "name": "Permanently Deleted User",
            "email": None,
            "phone": None,
        }
        return 200, {"deleted_user": self.rows[f"users/{key}"]}

    def shown(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{n: v for n, v in r.items() if n != "archived"} for r in rows]

    def tickets(self, request: Request) -> Answer:
        return self.page(request, "tickets", self.shown([r for r in self.of("tickets") if not r["archived"]]))

    def tickets_of(self, request: Request, who: str, how: str) -> Answer:
        row = self.get("users", who)
        if row is None or not row["active"]:
            return 404, {"error": "RecordNotFound"}
        tests: dict[str, Callable[[dict[str, Any]], bool]] = {
            "requested": lambda t: t["requester_id"] == int(who),
            "assigned": lambda t: t["assignee_id"] == int(who),
            "ccd": lambda t: int(who) in t["collaborator_ids"],
            "followed": lambda t: int(who) in t["follower_ids"],
        }
        return self.page(request, "tickets", self.shown([r for r in self.of("tickets") if tests[how](r)]))

    def ticket(self, request: Request, key: str) -> Answer:
        row = self.get("tickets", key)
        return (200, {"ticket": self.shown([row])[0]}) if row else (404, {"error": "RecordNotFound"})

    def comments(self, request: Request, key: str) -> Answer:
        return self.page(request, "comments", [r for k, r in self.rows.items() if k.startswith(f"comments/{key},")])


def user(number: int, who: str, role: str) -> dict[str, Any]:
    return {
        "id": number,
        "url": f"https://x.zendesk.com/api/v2/users/{number}.json",
        "name": who.capitalize(),
        "email": mail(who),
        "created_at": "2024-01-01T00:00:00Z",
        "updated_at": "2024-01-02T00:00:00Z",
        "time_zone": "Berlin",
        "iana_time_zone": "Europe/Berlin",
        "phone": None,
        "shared_phone_number": None,
        "photo": None,
        "locale_id": 1,
        "locale": "en-US",
        "organization_id": None,
        "role": role,
        "verified": True,
        "external_id": None,
        "tags": [],
        "alias": "",
        "active": True,
        "shared": False,
        "shared_agent": False,
        "last_login_at": None,
        "two_factor_auth_enabled": None,
        "signature": None,
        "details": "",
        "notes": f"{who} is friendly",
        "role_type": None,
        "custom_role_id": None,
        "moderator": False,
        "ticket_restriction": "requested",
        "only_private_comments": False,
        "restricted_agent": True,
        "suspended": False,
        "default_group_id": None,
        "report_csv": False,
        "user_fields": {},
    }


def ticket(number: int, who: int, name: str, status: str) -> dict[str, Any]:
    return {
        "id": number,
        "url": f"https://x.zendesk.com/api/v2/tickets/{number}.json",
        "external_id": None,
        "via": {
            "channel": "email",
            "source": {"from": {"address": mail(name), "name": name}, "to": {"address": "help@x.org"}, "rel": None},
        },
        "created_at": "2024-02-01T00:00:00Z",
        "updated_at": "2024-02-02T00:00:00Z",
        "generated_timestamp": 1706745600,
        "type": "question",
        "subject": "A parcel",
        "raw_subject": "A parcel",
        "description": f"Where is it? {name}",
        "priority": "normal",
        "status": status,
        "recipient": "help@x.org",
        "requester_id": who,
        "submitter_id": who,
        "assignee_id": AGENT,
        "organization_id": None,
        "group_id": 7,
        "collaborator_ids": [],
        "follower_ids": [AGENT],
        "email_cc_ids": [],
        "forum_topic_id": None,
        "problem_id": None,
        "has_incidents": False,
        "is_public": True,
        "due_at": None,
        "tags": ["parcel"],
        "custom_fields": [{"id": 27642, "value": "745"}],
        "satisfaction_rating": {"score": "good", "id": 1, "comment": "Thanks"},
        "sharing_agreement_ids": [],
        "custom_status_id": 1,
        "fields": [{"id": 27642, "value": "745"}],
        "followup_ids": [],
        "ticket_form_id": None,
        "brand_id": 1,
        "allow_channelback": False,
        "allow_attachments": True,
        "from_messaging_channel": False,
    }


def comment(number: int, who: int, name: str) -> dict[str, Any]:
    return {
        "id": number,
        "type": "Comment",
        "author_id": who,
        "body": f"{name} writes",
        "html_body": f"<p>{name} writes</p>",
        "plain_body": f"{name} writes",
        "public": True,
        "attachments": [],
        "audit_id": 5,
        "via": {"channel": "email", "source": {"from": {"address": mail(name), "name": name}, "to": {}, "rel": None}},
        "created_at": "2024-02-01T00:00:00Z",
        "metadata": {
            "system": {"client": "x", "ip_address": "203.0.113.7", "location": "Berlin", "latitude": 1.5, "longitude": 2.5},
            "custom": {},
        },
    }

"""Shopify: customers whose fields are emptied in one call with their addresses, orders that stay, pages that a header leads to."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from werkzeug.wrappers import Request

from tests.connectors.vendors.base import PEOPLE, Answer, Vendor, after, mail


class Shopify(Vendor):
    name = "shopify"
    base = "/admin/api/2026-07"
    routes = (
        ("GET", r"/(customers|orders)\.json", "listed"),
        ("GET", r"/customers/(\d+)/orders\.json", "orders_of"),
        ("GET", r"/(customers|orders)/(\d+)\.json", "one"),
        ("PUT", r"/customers/(\d+)\.json", "change"),
    )
    own: ClassVar[frozenset[str]] = frozenset({"customers/1", "orders/11"})
    stays: ClassVar[frozenset[str]] = frozenset({"orders/11"})
    review = {"orders/99": "no owner, shared"}  # noqa: RUF012

    def __init__(self) -> None:
        super().__init__()
        self.onward = ""
        for number, who in enumerate(PEOPLE, 1):
            self.put("customers", number, **customer(number, who))
            self.put("orders", number * 10 + 1, **order(number * 10 + 1, who, customer(number, who)))
        self.put("orders", 99, **order(99, "ann", None))

    def known(self, request: Request) -> bool:
        return request.headers.get("X-Shopify-Access-Token") == "key"

    def headers(self, data: Any) -> dict[str, str]:
        return {"Link": f'<{self.onward}>; rel="next"'} if self.onward else {}

    def page(self, request: Request, kind: str, rows: list[dict[str, Any]]) -> Answer:
        cursor = request.args.get("page_info")
        assert kind == "customers" or cursor or request.args["status"] == "any"
        assert not cursor or set(request.args) == {"limit", "page_info"}, "page_info stands with limit alone"
        shown, more = after(rows, cursor)
        self.onward = f"{request.base_url}?limit=250&page_info={shown[-1]['id']}" if more else ""
        return 200, {kind: shown}

    def listed(self, request: Request, kind: str) -> Answer:
        return self.page(request, kind, self.of(kind))

    def orders_of(self, request: Request, who: str) -> Answer:
        return self.page(request, "orders", [r for r in self.of("orders") if (r["customer"] or {}).get("id") == int(who)])

    def one(self, request: Request, kind: str, key: str) -> Answer:
        self.onward = ""
        row = self.get(kind, key)
        return (200, {kind[:-1]: row}) if row else (404, {"errors": "Not Found"})

    def change(self, request: Request, key: str) -> Answer:
        row = self.get("customers", key)
        assert row is not None
        sent = json.loads(request.get_data())["customer"]
        for address in sent.pop("addresses", []):
            (there,) = [a for a in row["addresses"] if a["id"] == address["id"]]
            there.update(address)
            there["name"] = " ".join(filter(None, (there["first_name"], there["last_name"])))
        sent.pop("default_address", None)  # one of the addresses, and changed as that
        row |= sent
        row["default_address"] = next((a for a in row["addresses"] if a["default"]), None)
        row["updated_at"] = "2026-11-22T00:00:00Z"
        self.onward = ""
        return 200, {"customer": row}


def address(number: int, who: str, default: bool) -> dict[str, Any]:
    return {
        "id": number,
        "customer_id": number // 10,
        "first_name": who,
        "last_name": "Berg",
        "company": None,
        "address1": f"{who} street",
        "address2": "",
        "city": "Berlin",
        "province": None,
        "country": "Germany",
        "zip": "10115",
        "phone": "030 1",
        "name": f"{who} Berg",
        "province_code": None,
        "country_code": "DE",
        "country_name": "Germany",
        "default": default,
    }


def customer(number: int, who: str) -> dict[str, Any]:
    addresses = [] if who == "cid" else [address(number * 10, who, True), address(number * 10 + 1, who, False)]
    return {
        "id": number,
        "created_at": "2024-01-02T08:59:11-05:00",
        "updated_at": "2024-01-02T08:59:11-05:00",
        "orders_count": 1,
        "state": "disabled",
        "total_spent": "199.65",
        "last_order_id": number * 10 + 1,
        "note": f"{who} is friendly",
        "verified_email": True,
        "multipass_identifier": None,
        "tax_exempt": False,
        "tags": f"{who}, loyal",
        "last_order_name": "#1001",
        "currency": "EUR",
        "addresses": addresses,
        "tax_exemptions": [],
        "email_marketing_consent": {"state": "not_subscribed", "opt_in_level": None, "consent_updated_at": None},
        "sms_marketing_consent": None,
        "admin_graphql_api_id": f"gid://shopify/Customer/{number}",
        **({"default_address": addresses[0]} if addresses else {}),
        "email": mail(who).capitalize(),
        "phone": None,
        "first_name": who,
        "last_name": "Berg",
    }


def order(number: int, who: str, owner: dict[str, Any] | None) -> dict[str, Any]:
    there = {k: v for k, v in address(1, who, True).items() if k not in ("id", "customer_id", "country_name", "default")}
    return {
        "id": number,
        "admin_graphql_api_id": f"gid://shopify/Order/{number}",
        "browser_ip": "203.0.113.7",
        "buyer_accepts_marketing": False,
        "client_details": {"browser_ip": "203.0.113.7", "user_agent": "Mozilla", "accept_language": "de", "session_hash": None},
        "contact_email": mail(who),
        "created_at": "2024-01-02T08:59:11-05:00",
        "currency": "EUR",
        "customer": owner and {k: v for k, v in owner.items() if k not in ("addresses", "orders_count", "total_spent")},
        "customer_locale": "de",
        "discount_codes": [],
        "email": mail(who),
        "financial_status": "paid",
        "fulfillment_status": None,
        "line_items": [{"id": 1, "title": "Tee", "name": "Tee", "quantity": 1, "price": "9.90", "sku": "T", "properties": []}],
        "name": f"#{number}",
        "note": None,
        "note_attributes": [{"name": "Engraving", "value": f"For {who}"}],
        "number": 1,
        "order_number": number,
        "phone": None,
        "total_price": "9.90",
        "updated_at": "2024-01-02T08:59:11-05:00",
        "billing_address": {**there, "latitude": 52.5, "longitude": 13.4},
        "shipping_address": None if number == 21 else {**there, "latitude": 52.5, "longitude": 13.4},
    }

"""Stripe: customers who leave a tombstone; charges, invoices and payment methods that stay."""

from __future__ import annotations

from typing import Any, ClassVar

from werkzeug.wrappers import Request

from tests.connectors.vendors.base import PEOPLE, Answer, Vendor, after, mail

MISSING = 404, {"error": {"code": "resource_missing", "type": "invalid_request_error"}}


class Stripe(Vendor):
    name = "stripe"
    base = "/v1"
    routes = (
        ("GET", r"/(customers|charges|invoices)", "listed"),
        ("GET", r"/customers/(\w+)/payment_methods", "methods"),
        ("GET", r"/(customers|charges|invoices|payment_methods)/(\w+)", "one"),
        ("DELETE", r"/customers/(\w+)", "delete"),
    )
    own: ClassVar[frozenset[str]] = frozenset({"customers/cus_ann", "charges/ch_ann", "invoices/in_ann", "payment_methods/pm_ann"})
    review = {"charges/ch_guest": "no owner, shared"}  # noqa: RUF012
    stays: ClassVar[frozenset[str]] = own - {"customers/cus_ann"}

    def __init__(self) -> None:
        super().__init__()
        for who in PEOPLE:
            self.put("customers", f"cus_{who}", **customer(who))
            self.put("charges", f"ch_{who}", **charge(f"ch_{who}", who, f"cus_{who}"))
            self.put("invoices", f"in_{who}", **invoice(who))
            self.put("payment_methods", f"pm_{who}", **method(who))
        self.put("charges", "ch_guest", **charge("ch_guest", "ann", None))

    def listed(self, request: Request, kind: str) -> Answer:
        assert request.headers["Stripe-Version"] == "2024-06-20"
        who = request.args.get("customer")
        rows = [r for r in self.of(kind) if not r.get("deleted") and (who is None or r["customer"] == who)]
        shown, more = after(rows, request.args.get("starting_after"))
        return 200, {"object": "list", "url": f"/v1/{kind}", "data": shown, "has_more": more}

    def methods(self, request: Request, who: str) -> Answer:
        row = self.get("customers", who)
        if row is None or row.get("deleted"):
            return MISSING
        return 200, {"object": "list", "data": [r for r in self.of("payment_methods") if r["customer"] == who], "has_more": False}

    def one(self, request: Request, kind: str, key: str) -> Answer:
        row = self.get(kind, key)
        return (200, row) if row else MISSING

    def delete(self, request: Request, key: str) -> Answer:
        assert request.headers["Idempotency-Key"]
        self.put("customers", key, id=key, object="customer", deleted=True)
        return 200, self.get("customers", key)


def address(city: str) -> dict[str, Any]:
    return {"city": city, "country": "DE", "line1": "Street 1", "line2": None, "postal_code": "10115", "state": None}


def customer(who: str) -> dict[str, Any]:
    return {
        "id": f"cus_{who}",
        "object": "customer",
        "address": None if who == "bob" else address("Berlin"),
        "balance": 0,
        "created": 1680893993,
        "currency": None,
        "default_source": None,
        "delinquent": False,
        "description": None,
        "discount": None,
        "email": mail(who).capitalize(),
        "invoice_prefix": "0759376C",
        "invoice_settings": {"custom_fields": None, "default_payment_method": None, "footer": None, "rendering_options": None},
        "livemode": False,
        "metadata": {},
        "name": who.capitalize(),
        "next_invoice_sequence": 1,
        "phone": None,
        "preferred_locales": [],
        "shipping": {"address": address("Bonn"), "name": who, "phone": None} if who == "cid" else None,
        "tax_exempt": "none",
        "test_clock": None,
    }


def charge(number: str, who: str, customer: str | None) -> dict[str, Any]:
    card = {
        "brand": "visa",
        "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
        "country": "US",
        "exp_month": 8,
        "exp_year": 2030,
        "fingerprint": f"J21{who}",
        "funding": "credit",
        "installments": None,
        "last4": "4242",
        "mandate": None,
        "network": "visa",
        "three_d_secure": None,
        "wallet": None,
    }
    nothing = (
        "application application_fee application_fee_amount calculated_statement_descriptor failure_balance_transaction "
        "failure_code failure_message invoice on_behalf_of outcome payment_intent receipt_number review shipping source_transfer "
        "statement_descriptor statement_descriptor_suffix transfer_data transfer_group"
    )
    return {
        **dict.fromkeys(nothing.split()),
        "id": number,
        "object": "charge",
        "amount": 1099,
        "amount_captured": 1099,
        "amount_refunded": 0,
        "balance_transaction": f"txn_{number}",
        "billing_details": {"address": address("Berlin"), "email": mail(who), "name": who, "phone": None},
        "captured": True,
        "created": 1679090539,
        "currency": "usd",
        "customer": customer,
        "description": f"Order of {who}",
        "disputed": False,
        "fraud_details": {},
        "livemode": False,
        "metadata": {},
        "paid": True,
        "payment_method": f"pm_{who}",
        "payment_method_details": {"card": card, "type": "card"},
        "receipt_email": None,
        "receipt_url": "https://pay.stripe.com/receipts/x",
        "refunded": False,
        "status": "succeeded",
    }


def invoice(who: str) -> dict[str, Any]:
    nothing = (
        "account_tax_ids application application_fee_amount charge custom_fields customer_phone customer_shipping "
        "default_payment_method default_source description discount due_date effective_at ending_balance footer from_invoice "
        "hosted_invoice_url invoice_pdf last_finalization_error latest_revision next_payment_attempt number on_behalf_of "
        "payment_intent quote receipt_number rendering shipping_cost shipping_details statement_descriptor subscription tax "
        "test_clock transfer_data webhooks_delivered_at"
    )
    line = {
        "id": f"il_{who}",
        "object": "line_item",
        "amount": 1099,
        "currency": "usd",
        "description": "A parcel",
        "discountable": True,
        "livemode": False,
        "metadata": {},
        "period": {"end": 1, "start": 1},
        "quantity": 1,
    }
    return {
        **dict.fromkeys(nothing.split()),
        "id": f"in_{who}",
        "object": "invoice",
        "account_country": "US",
        "account_name": "Shop",
        "amount_due": 1099,
        "amount_paid": 0,
        "amount_remaining": 1099,
        "amount_shipping": 0,
        "attempt_count": 0,
        "attempted": False,
        "auto_advance": False,
        "automatic_tax": {"enabled": False, "liability": None, "status": None},
        "billing_reason": "manual",
        "collection_method": "charge_automatically",
        "created": 1680644467,
        "currency": "usd",
        "customer": f"cus_{who}",
        "customer_address": None,
        "customer_email": mail(who),
        "customer_name": who,
        "customer_tax_exempt": "none",
        "customer_tax_ids": [],
        "default_tax_rates": [],
        "discounts": [],
        "issuer": {"type": "self"},
        "lines": {"object": "list", "data": [line], "has_more": False, "total_count": 1, "url": f"/v1/invoices/in_{who}/lines"},
        "livemode": False,
        "metadata": {},
        "paid": False,
        "paid_out_of_band": False,
        "payment_settings": {"default_mandate": None, "payment_method_options": None, "payment_method_types": None},
        "period_end": 1680644467,
        "period_start": 1680644467,
        "post_payment_credit_notes_amount": 0,
        "pre_payment_credit_notes_amount": 0,
        "starting_balance": 0,
        "status": "open",
        "status_transitions": {"finalized_at": None, "marked_uncollectible_at": None, "paid_at": None, "voided_at": None},
        "subtotal": 1099,
        "subtotal_excluding_tax": 1099,
        "total": 1099,
        "total_discount_amounts": [],
        "total_excluding_tax": 1099,
        "total_tax_amounts": [],
    }


def method(who: str) -> dict[str, Any]:
    return {
        "id": f"pm_{who}",
        "object": "payment_method",
        "billing_details": {"address": address("Berlin"), "email": mail(who), "name": who, "phone": None},
        "card": {"brand": "visa", "last4": "4242", "exp_month": 8, "exp_year": 2030, "fingerprint": f"J21{who}"},
        "created": 1679945299,
        "customer": f"cus_{who}",
        "type": "card",
    }

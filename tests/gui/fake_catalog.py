"""An invented catalog as it was checked: good, with errors, or empty."""

from __future__ import annotations

from dsr_desk.catalog.check import CatalogCheck, SystemHealth
from dsr_desk.catalog.diff import Change
from dsr_desk.catalog.problem import Problem
from dsr_desk.gui.models.catalog_model import CatalogState
from dsr_desk.model.catalog import Catalog
from tests.gui.fake_pages import HOSTILE, systems

SHOP = """system: shop
title: Web shop
driver: sql
url: sqlite:///shop.db            # relative to the workspace folder
environment: production
purpose: Fulfil orders
legal_basis: contract
collections:
  customers:
    title: Customer accounts
    subject: true                 # a row here IS a person
    key: [id]
    on_erase: redact
    fields:
      id:         {category: user.unique_id, identity: customer_id}
      email:      {category: user.contact.email, identity: email, erase: {pseudonym: {suffix: "@erased.invalid"}}}
      full_name:  {category: user.name, identity: name, erase: {constant: "Erased"}}
      born_on:    {category: user.demographic.date_of_birth, erase: null}
      address_id: {owns: addresses.id, erase: null}
      created_at: {}
  addresses:
    key: [id]
    on_erase: delete
    fields: {id: {}, street: {category: user.contact.address.street}, city: {category: user.contact.address.city}}
  orders:
    key: [id]
    on_erase: keep
    keep: {ground: "17(3)(b)", reason: Tax records, until: {field: ordered_at, plus: 10 years}}
    fields:
      id: {}
      customer_id: {owned_by: customers.id}
"""


def state(*, errors: bool = False, empty: bool = False) -> CatalogState:
    """What the page is given."""
    if empty:
        return CatalogState(CatalogCheck((), (), None), {})
    problems = [
        Problem("warning", "catalog/shop.yaml", 18, 7, "", "born_on is NOT NULL: erase: null will be refused.", "Use a constant.")
    ]
    if errors:
        problems.append(
            Problem("error", "catalog/shop.yaml", 13, 15, "", f"on_erase: {HOSTILE} is not known.", "Use delete, redact or keep.")
        )
        problems.append(Problem("error", "catalog/loyalty.yaml", 3, 1, "", "The key driver stands twice.", "Remove one."))
    health = []
    for system in systems().values():
        down = system.name == "crm"
        health.append(
            SystemHealth(
                system.name,
                system.label,
                system.driver,
                system.environment,
                system.file,
                by_hand=system.driver == "manual",
                reachable=None if system.driver == "manual" else not down,
                seconds=0.008,
                server="" if down else "SQLite 3.46",
                known_columns=0 if down else 41,
                live_columns=0 if down else 43 if system.name == "shop" else 41,
                uncovered=("customers.vat_id", "orders.ip_address") if system.name == "shop" else (),
                unlisted_tables=("sessions",) if system.name == "shop" else (),
                error="CRM does not answer." if down else "",
                hint="Check that it runs." if down else "",
            )
        )
    files = {
        "catalog/shop.yaml": SHOP,
        "catalog/crm.yaml": "system: crm\ntitle: CRM\ndriver: sql\n",
        "catalog/loyalty.yaml": "system: loyalty\n",
    }
    check = CatalogCheck(tuple(problems), tuple(health), Catalog(systems(), "c" * 64), ("loyalty",) if errors else ())
    changes = (Change("changed", "catalog/shop.yaml", 13, "customers: on_erase was keep and is now redact."),)
    return CatalogState(check, files, {}, False, changes, "--- before\n+++ after\n-on_erase: keep\n+on_erase: redact", live=True)

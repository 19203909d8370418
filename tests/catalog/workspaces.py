"""Catalogs for the tests: small workspaces in a temporary folder."""

from __future__ import annotations

from pathlib import Path

from dsr_desk.catalog.problem import Problem
from dsr_desk.catalog.read import CatalogRead, read_catalog

#: The example of the format, as the documentation shows it.
SHOP = """\
system: shop                      # unique, [a-z0-9_-]
title: Web shop
driver: sql
url: sqlite:///shop.db            # relative to the workspace folder
environment: production           # or test
owner: shop@example.org
purpose: Fulfil orders
legal_basis: contract
recipients: [DHL]
collections:
  customers:
    title: Customer accounts
    subject: true                 # a row here IS a person; others belong to one
    key: [id]
    on_erase: redact              # delete | redact | keep
    on_restrict: {set: {restricted: true}}
    fields:
      id:         {category: user.unique_id, identity: customer_id}
      email:      {category: user.contact.email, identity: email, source: provided, erase: {pseudonym: {suffix: "@erased.invalid"}}}
      full_name:  {category: user.name, identity: name, source: provided, erase: {constant: "Erased"}}
      born_on:    {category: user.demographic.date_of_birth, source: provided, erase: {generalise: year}}
      address_id: {owns: addresses.id, erase: null}
      created_at: {}              # known, not personal
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
      ordered_at: {}
      note: {category: user.content, mentions: true}     # free text
  messages:
    key: [thread_id, position]    # composite keys are normal
    on_erase: delete
    fields:
      sender_id:    {owned_by: customers.id}
      recipient_id: {accessed_by: customers.id}
      body:         {category: user.content}
"""


def workspace(folder: Path, **files: str | bytes) -> Path:
    """A workspace with these catalog files: ``workspace(tmp, shop=SHOP)`` writes ``catalog/shop.yaml``."""
    (folder / "catalog").mkdir(exist_ok=True)
    for name, text in files.items():
        data = text.encode("utf-8") if isinstance(text, str) else text
        (folder / "catalog" / f"{name}.yaml").write_bytes(data)
    return folder


def read(folder: Path, **files: str | bytes) -> CatalogRead:
    """What a workspace with these files says."""
    return read_catalog(workspace(folder, **files))


def changed(old: str, new: str) -> str:
    """The example with one thing changed."""
    assert SHOP.count(old) >= 1, old
    return SHOP.replace(old, new, 1)


def only(problems: tuple[Problem, ...]) -> Problem:
    """The one problem there is."""
    assert len(problems) == 1, [str(p) for p in problems]
    return problems[0]

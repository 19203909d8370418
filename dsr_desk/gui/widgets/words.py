"""How identifiers, categories and ways are written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dsr_desk.model.catalog import System
from dsr_desk.model.finding import Hop, Identifier, Row
from dsr_desk.model.mask import mask

_KINDS = {
    "email": "e-mail",
    "date_of_birth": "date of birth",
    "iban": "IBAN",
    "national_id": "national id",
    "customer_id": "customer number",
}
_SIGNS = {"email": "email", "phone": "phone", "name": "person", "date_of_birth": "date", "iban": "iban", "national_id": "card"}


def kind_word(kind: str) -> str:
    """An identity name as people say it."""
    return _KINDS.get(kind, kind.replace("_", " "))


def kind_sign(kind: str) -> str:
    """The icon of an identity name."""
    return _SIGNS.get(kind, "person" if "name" in kind else "number")


def masked(kind: str, value: str) -> str:
    """An identifier as it is shown: ``m•••@example.org``, ``customer number 10•••``."""
    shown = mask(value, kind)
    return shown if kind in ("email", "phone", "name") else f"{kind_word(kind)} {shown}"


def category_word(category: str) -> str:
    """A data category without its common beginning: ``contact.email``."""
    return category.removeprefix("user.")


#: Data categories as people say them.
TITLES = {
    "user.contact.email": "E-mail address",
    "user.contact.phone_number": "Phone number",
    "user.name": "Name",
    "user.contact.address.street": "Street",
    "user.contact.address.city": "City",
    "user.contact.address.postal_code": "Postal code",
    "user.contact.address.country": "Country",
    "user.demographic.date_of_birth": "Date of birth",
    "user.financial.bank_account": "Bank account",
    "user.unique_id": "Number or key",
    "user.content": "Own words",
}


def category_title(category: str) -> str:
    """A data category as a person would say it: ``Date of birth``; its key's last word where nobody worded it."""
    return TITLES.get(category) or category.rpartition(".")[2].replace("_", " ").capitalize()


def special_word(category: str) -> str:
    """A special category in a word: ``health``."""
    return category.rpartition(".")[2].split("_and_")[0].replace("_", " ")


def kinds_of(systems: Iterable[System]) -> list[str]:
    """Every identity name the catalog knows, the usual ones first."""
    usual = ["email", "phone", "customer_id", "name"]
    found = {kind for s in systems for c in s.collections.values() for kind, *_ in c.identity_fields()}
    return [k for k in usual if k in found or k == "email"] + sorted(found - set(usual))


def name_of(row: Row, systems: Mapping[str, System]) -> str:
    """The name that a row carries, masked; ``""`` where it has none. It may stand over several columns."""
    system = systems.get(row.ref.system)
    collection = system.collections.get(row.ref.collection) if system else None
    for kind, fields, *_ in collection.identity_fields() if collection else ():
        text = " ".join(str(row.values[f]) for f in fields if row.values.get(f))
        if kind == "name" and text:
            return mask(text, "name")
    return ""


def origin_word(identifier: Identifier, systems: dict[str, System]) -> str:
    """Where an identifier came from: ``given by the person``, ``found: CRM contacts``."""
    if identifier.origin is None:
        return "given by the person"
    system = systems.get(identifier.origin.system)
    return f"found: {system.label if system else identifier.origin.system} {identifier.origin.collection}"


def hop_word(hop: Hop, systems: dict[str, System]) -> str:
    """One step of the way to a finding, in words."""
    where = ""
    if hop.origin is not None:
        system = systems.get(hop.origin.system)
        collection = system.collections.get(hop.origin.collection) if system else None
        where = collection.label if collection else hop.origin.collection
    match hop.rule:
        case "given":
            return f"{kind_word(hop.detail)} given"
        case "found":
            return f"{kind_word(hop.detail)} found" + (f" › {where}" if where else "")
        case "mention":
            return "free text" + (f" › {hop.detail}" if hop.detail else "")
        case "accessed_by" | "accesses":
            return f"{where} › may see" if where else "may see"
        case "owned_by" | "owns":
            return f"{where} › {hop.detail}" if where else hop.detail
    return f"{hop.rule} {hop.detail}".strip()

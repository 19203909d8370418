"""The catalog's words in plain language, for the person whose data it is."""

from __future__ import annotations

_LEGAL_BASIS = {
    "consent": "You agreed to it. You can take that back at any time (Art. 6(1)(a) GDPR).",
    "contract": "We need it for a contract with you, or to prepare one (Art. 6(1)(b) GDPR).",
    "legal_obligation": "A law obliges us to keep it (Art. 6(1)(c) GDPR).",
    "vital_interests": "It protects somebody's life (Art. 6(1)(d) GDPR).",
    "public_task": "We need it for a task in the public interest (Art. 6(1)(e) GDPR).",
    "legitimate_interests": "We, or others, have a legitimate interest in it. You can object (Art. 6(1)(f) and 21 GDPR).",
}

_SOURCE = {
    "provided": "from you",
    "observed": "recorded while you used our services",
    "derived": "worked out by us from other data",
    "third_party": "from somebody else",
}

_FROM_WHERE = {
    "provided": "From you",
    "observed": "Recorded while you used our services",
    "derived": "Worked out by us from other data",
    "third_party": "From somebody else, not from you",
}

_CATEGORY = {
    "user.account": "account",
    "user.authorization": "sign-in data",
    "user.behavior": "what you did and liked",
    "user.behavior.purchase_history": "what you bought",
    "user.biometric": "biometric data",
    "user.contact": "contact details",
    "user.contact.address": "address",
    "user.contact.address.city": "city",
    "user.contact.address.country": "country",
    "user.contact.address.postal_code": "postcode",
    "user.contact.address.street": "street",
    "user.contact.email": "e-mail address",
    "user.contact.phone_number": "phone number",
    "user.content": "what you wrote",
    "user.criminal_history": "criminal convictions",
    "user.demographic": "about you as a person",
    "user.demographic.date_of_birth": "date of birth",
    "user.device": "your device",
    "user.device.cookie_id": "cookie",
    "user.device.ip_address": "internet address",
    "user.financial": "money",
    "user.financial.bank_account": "bank account",
    "user.government_id": "official number",
    "user.health_and_medical": "health",
    "user.job_title": "your job",
    "user.location": "where you were",
    "user.name": "name",
    "user.name.first": "first name",
    "user.name.last": "family name",
    "user.payment": "payment",
    "user.unique_id": "number by which we know you",
    "user.workplace": "your job",
}


def legal_basis(word: str | None) -> str:
    """A legal basis as a sentence to the person; the catalog's own word where there is none; ``""`` for none."""
    return _LEGAL_BASIS.get(word or "", word or "")


def source(word: str | None) -> str:
    """Where data came from, in a few words; ``""`` where it is not known."""
    return _SOURCE.get(word or "", "")


def from_where(word: str | None) -> str:
    """Where data came from, at the beginning of a line; what is not written down says so (Art. 15(1)(g))."""
    return _FROM_WHERE.get(word or "", "Not written down; ask us")


def category(key: str | None) -> str:
    """A fideslang data category in plain words: its own, or those of the nearest category above it."""
    parts = (key or "").split(".")
    for length in range(len(parts), 1, -1):
        if plain := _CATEGORY.get(".".join(parts[:length])):
            return plain
    return "personal data" if key else ""


def withheld(reason: str) -> str:
    """A reason as it stands in the place of a value. One that is a sentence speaks for itself; ``""`` for none."""
    return reason if not reason or reason[0].isupper() else f"withheld: {reason}"

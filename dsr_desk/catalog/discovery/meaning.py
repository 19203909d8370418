"""What a column holds: from its name in several languages, and from what its sampled values are valid as."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from dsr_desk.catalog.discovery.lexicon import Meaning, fields
from dsr_desk.catalog.discovery.naming import alike, joined, words
from dsr_desk.catalog.discovery.values import Looks
from dsr_desk.catalog.discovery.wordlists import listed
from dsr_desk.model.schema import Column

#: From so many values on, what they are outweighs what the name says.
_ENOUGH = 5
_TEXTS = frozenset({"text", "any", "other"})
_DATES = frozenset({"date", "datetime", "text", "any", "integer", "other"})
_PROSE = _TEXTS | {"json"}
_NOT_WORDS = frozenset({"boolean", "binary", "float", "decimal", "time"})
#: Categories whose values can be numbers, or true and false.
_ANY_TYPE = ("user.location", "user.financial", "user.privacy_preferences", "user.health_and_medical", "user.demographic.age_range")
#: Their values can be checked, and what the check is called in a sentence.
_CHECKED = {
    "user.contact.email": ("e-mail", "e-mail addresses"),
    "user.contact.phone_number": ("phone", "phone numbers"),
    "user.demographic.date_of_birth": ("date", "dates"),
    "user.device.ip_address": ("ip", "IP addresses"),
}
_SHORTEST_WINDOW = 4


@dataclass(frozen=True, slots=True)
class Guessed:
    """What a column seems to hold, how sure that is, and why."""

    meaning: Meaning
    confidence: float
    evidence: tuple[str, ...]


def guessed(column: Column, own: tuple[str, ...], look: Looks, person: bool) -> Guessed | None:
    """What a column of a collection (whose name is ``own`` words) holds; ``None`` where nothing speaks for personal data."""
    named = _by_name(column, own, look, person)
    seen = _by_values(column, look, person)
    if named and seen and named.meaning.category == seen.meaning.category:
        kept = named.meaning if named.meaning.identity else seen.meaning
        return Guessed(kept, 0.98, (*named.evidence, *seen.evidence))
    if named and seen and named.meaning.category == "user.contact.fax_number":
        return named
    if seen and (named is None or seen.confidence >= 0.85):
        return seen
    return _held(named, look) if named else None


def _held(named: Guessed, look: Looks) -> Guessed | None:
    """What a name says, held against values that can be checked."""
    checked = _CHECKED.get(named.meaning.category)
    if named.meaning.identity == "iban":
        checked = ("iban", "IBANs")
    if checked is None or look.filled < _ENOUGH or look.share(checked[0]) >= 0.2:
        return named
    if checked[0] == "phone" and look.share("number") + look.share("text") < 0.5 and look.share("e-mail") == 0:
        return replace(named, confidence=0.6, evidence=(*named.evidence, "but few sampled values are valid phone numbers"))
    return None


def _by_name(column: Column, own: tuple[str, ...], look: Looks, person: bool) -> Guessed | None:
    parts = words(column.name)
    while len(parts) > 1 and parts[-1].isdigit():
        parts = parts[:-1]
    best: tuple[float, Meaning, str] | None = None
    for said in dict.fromkeys((_without(parts, own), parts)):
        for sure, window in _windows(said):
            meaning = fields().get(joined(window))
            if meaning and (best is None or sure > best[0]) and _fits(column, meaning, look):
                best = sure, meaning, f"its name says {' '.join(window)}" if window != parts else "its name says so"
    if best is None and person and _without(parts, own) == ("name",) and column.type in _TEXTS:
        best = 0.8, Meaning("user.name", "name"), "the name of a person's record"
    if best is None:
        return None
    return Guessed(best[1], best[0], (best[2],))


def _windows(parts: tuple[str, ...]) -> Iterator[tuple[float, tuple[str, ...]]]:
    if not parts:
        return
    yield 0.85, parts
    for at in range(1, len(parts)):
        if len(joined(parts[at:])) >= _SHORTEST_WINDOW - 1:
            yield 0.75, parts[at:]
    if parts[-1] in listed("measures") or parts[-1] in ("verified", "confirmed", "sent", "id", "uid", "enabled", "hash", "token"):
        return
    for at in range(len(parts) - 1, 0, -1):
        if len(joined(parts[:at])) >= _SHORTEST_WINDOW:
            yield 0.6, parts[:at]


def _without(parts: tuple[str, ...], own: tuple[str, ...]) -> tuple[str, ...]:
    if own and len(parts) > 1 and alike(parts[0], own[-1]):
        return parts[1:]
    return parts


def _fits(column: Column, meaning: Meaning, look: Looks) -> bool:
    """Whether a column of this type can hold it."""
    kind = column.type
    if meaning.special or meaning.category.startswith(_ANY_TYPE):
        return True
    if meaning.category == "user.demographic.date_of_birth":
        return kind in _DATES
    if meaning.text:
        return kind in _TEXTS or kind == "json"
    if kind in ("date", "datetime"):
        return False
    if meaning.category == "user.content.self_image":
        return kind in _TEXTS or kind == "binary"
    if kind == "integer":
        return meaning.identity in ("phone", "national_id") or meaning.category.startswith(
            ("user.contact.address.postal", "user.financial", "user.government_id", "user.demographic.gender", "user.contact.fax")
        )
    return kind not in _NOT_WORDS


def _by_values(column: Column, look: Looks, person: bool) -> Guessed | None:
    """The kind that most of the values are, if there are enough of them to say so."""
    if look.filled < 3:
        return None
    for kind in look.kinds:
        if kind.startswith("national id ") and look.share(kind) >= 0.95 and look.distinct >= _ENOUGH:
            country = kind.removeprefix("national id ")
            meaning = Meaning("user.government_id.national_identification_number", "national_id")
            evidence = f"{look.kinds[kind]} of {look.filled} sampled values are valid national numbers ({country})"
            return Guessed(meaning, 0.9, (evidence,))
    for kind, least, sure, meaning, what in _KINDS:
        if (
            look.share(kind) >= least
            and (look.filled >= _ENOUGH or sure >= 0.9)
            and (kind != "born" or _birth(column, look, person))
        ):
            if kind in ("name", "first name") and not person and look.distinct < _ENOUGH:
                continue
            return Guessed(meaning, sure, (f"{look.kinds[kind]} of {look.filled} sampled values are {what}",))
    return _prose(look) if column.type in _PROSE else None


def _prose(look: Looks) -> Guessed | None:
    """Free text, which can name people."""
    for kind, least, sure, what in (
        ("e-mail inside", 0.01, 0.7, "hold an e-mail address"),
        ("text", 0.3, 0.5, "are texts of several words"),
    ):
        if look.share(kind) >= least:
            evidence = f"{look.kinds[kind]} of {look.filled} sampled values {what}"
            return Guessed(Meaning("user.content", text=True), sure, (evidence,))
    return None


def _birth(column: Column, look: Looks, person: bool) -> bool:
    return person and look.distinct >= _ENOUGH and "date" in look.kinds and column.type in ("date", "text", "any")


_KINDS = (
    ("e-mail", 0.8, 0.95, Meaning("user.contact.email", "email"), "e-mail addresses"),
    ("iban", 0.8, 0.95, Meaning("user.financial.bank_account", "iban"), "valid IBANs"),
    ("secret", 0.8, 0.9, Meaning("user.authorization.password"), "hashes of passwords or tokens"),
    ("card", 0.8, 0.85, Meaning("user.financial.credit_card"), "valid numbers of payment cards"),
    ("ip", 0.9, 0.9, Meaning("user.device.ip_address"), "IP addresses"),
    ("phone", 0.8, 0.85, Meaning("user.contact.phone_number", "phone"), "phone numbers"),
    ("faith", 0.6, 0.7, Meaning("user.demographic.religious_belief", special=True), "names of religions"),
    ("orientation", 0.6, 0.8, Meaning("user.demographic.sexual_orientation", special=True), "words for sexual orientation"),
    ("blood group", 0.8, 0.8, Meaning("user.health_and_medical", special=True), "blood groups"),
    ("icd", 0.8, 0.65, Meaning("user.health_and_medical", special=True), "shaped like codes of diagnoses (ICD-10)"),
    ("name", 0.5, 0.6, Meaning("user.name", "name"), "names of people"),
    ("first name", 0.7, 0.6, Meaning("user.name.first", "given_name"), "first names"),
    ("born", 0.95, 0.5, Meaning("user.demographic.date_of_birth", "date_of_birth"), "days on which somebody may have been born"),
)


def telling(guesses: Mapping[str, Guessed]) -> bool:
    """Whether a collection's columns together hold somebody's data, rather than the name of a town or of a shop."""
    return any(g.meaning.identity in _TELLING or g.meaning.category.startswith(_TELLING_ALONE) for g in guesses.values())


_TELLING = frozenset({"email", "phone", "given_name", "family_name", "date_of_birth", "iban", "national_id", "username"})
_TELLING_ALONE = ("user.contact.address.street", "user.authorization", "user.financial.credit_card", "user.device.ip_address")

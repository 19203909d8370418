"""What sampled values look like: counted by kind, and then forgotten."""

from __future__ import annotations

import ipaddress
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache

from dsr_desk.catalog.discovery.wordlists import listed
from dsr_desk.model.identity import normals
from dsr_desk.model.values import Value, as_text

#: Texts from so many characters on are read no further: what they are is clear by then.
_LONGEST_READ = 2000
_WORDS_OF_TEXT = 5
_EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")
_IN_TEXT = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]++\.[\w.-]+")
_PHONE = re.compile(r"(\+|00)?[\d\s()./-]{6,24}")
_IBAN = re.compile(r"[A-Za-z]{2}\d{2}[ A-Za-z0-9]{11,36}")
_CARD = re.compile(r"\d{4}[ -]?\d{4,6}[ -]?\d{4,5}[ -]?\d{0,4}")
_DAY = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}")
_ID = re.compile(r"[A-Za-z]{0,6}[\d. -]{6,20}[A-Za-z]?|[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]")
_IP = re.compile(r"[0-9A-Fa-f:.]{3,45}")
_URL = re.compile(r"https?://\S+", re.IGNORECASE)
_SECRET = re.compile(
    r"\$2[aby]?\$.{50,}|\$argon2.{20,}|\$P\$.{25,}|pbkdf2_.{20,}|\{SSHA\}.{20,}|eyJ[\w-]+\.[\w-]+\.[\w-]*", re.DOTALL
)
_CODE = re.compile(r"[\s\w.-]*[<{\[].*[>}\]]\s*", re.DOTALL)
_ICD = re.compile(r"[A-TV-Z]\d{2}(\.\d{1,4})?")
_BLOOD = re.compile(r"(A|B|AB|0|O)\s?[+-]")
_FAITHS = listed("faiths")
_ORIENTATIONS = listed("orientations")


@dataclass(frozen=True, slots=True)
class Looks:
    """What was seen in one column: how many values, and how many of each kind. No value is in it.

    ``filled`` are neither NULL nor empty. ``kinds`` counts e-mail addresses and the like: ``text`` are several words, ``born`` days
    that could be somebody's birth.
    """

    filled: int = 0
    distinct: int = 0
    kinds: Mapping[str, int] = field(default_factory=dict)

    def share(self, kind: str) -> float:
        """Which part of the values is of a kind; 0 where there are none."""
        return self.kinds.get(kind, 0) / self.filled if self.filled else 0.0


def looks(values: Iterable[Value], region: str | None) -> Looks:
    """Count what is in one column of a sample."""
    kinds: Counter[str] = Counter()
    counts: Counter[tuple[type, str]] = Counter()
    samples: dict[tuple[type, str], Value] = {}
    for value in values:
        text = as_text(value)
        if text is not None and text.strip():
            alike = (type(value), text)
            counts[alike] += 1
            samples[alike] = value
    for alike, count in counts.items():
        for kind in set(_kinds(samples[alike], alike[1][:_LONGEST_READ], region)):
            kinds[kind] += count
    return Looks(counts.total(), len({text for _, text in counts}), dict(kinds))


def _kinds(value: Value, text: str, region: str | None) -> Iterable[str]:
    if isinstance(value, bool | bytes | bytearray | memoryview):
        return
    if isinstance(value, list | dict):
        yield "nested"
        if _IN_TEXT.search(text):
            yield "e-mail inside"
        return
    if isinstance(value, datetime | date):
        yield from ("date", *(["born"] if _maybe_born(value.year) else []))
        return
    if isinstance(value, int):
        yield "number"
        yield from _numbers(text)
        return
    if not isinstance(value, str):
        return
    yield from _of_text(text.strip(), region)


def _of_text(text: str, region: str | None) -> Iterable[str]:
    if "@" in text:
        if _EMAIL.fullmatch(text) and _is_email(text):
            yield "e-mail"
            return
        if _IN_TEXT.search(text):
            yield "e-mail inside"
    if _SECRET.fullmatch(text):
        yield "secret"
        return
    if _URL.fullmatch(text):
        yield "url"
        return
    if text[0].isdigit() or text[0] in "+(":
        day = next(iter(normals("date_of_birth", text)), "") if _DAY.match(text) else ""
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", day):
            yield from ("date", *(["born"] if _maybe_born(int(day[:4])) else []))
            return
        yield from _numbers(text)
        if _PHONE.fullmatch(text) and _is_phone(text, region):
            yield "phone"
    if _IP.fullmatch(text) and _is_ip(text):
        yield "ip"
        return
    if _IBAN.fullmatch(text) and _is_iban(text):
        yield "iban"
        return
    if len(text) <= 25:
        yield from _codes(text)
    parts = text.split()
    if len(parts) >= _WORDS_OF_TEXT and not _CODE.fullmatch(text):
        yield "text"
    elif (
        text[0].isupper() and len(parts) <= 4 and all(p.replace("-", "").replace("'", "").replace(".", "").isalpha() for p in parts)
    ):
        if parts[0].split("-")[0].lower() in _first_names():
            yield "first name" if len(parts) == 1 else "name"
        elif len(parts) > 1 and parts[-1].lower() in _first_names():
            yield "name"


def _codes(text: str) -> Iterable[str]:
    if _ICD.fullmatch(text):
        yield "icd"
    elif _BLOOD.fullmatch(text):
        yield "blood group"
    folded = "".join(c for c in text.lower() if c.isalnum())
    if folded in _FAITHS:
        yield "faith"
    elif folded in _ORIENTATIONS:
        yield "orientation"
    if any(c.isdigit() for c in text) and not text.isdigit():
        yield from _ids(text)


def _numbers(text: str) -> Iterable[str]:
    if _CARD.fullmatch(text):
        from stdnum import luhn

        digits = "".join(c for c in text if c.isdigit())
        if 13 <= len(digits) <= 19 and digits[0] in "3456" and luhn.is_valid(digits):
            yield "card"
    if 8 <= len(text) <= 20:
        yield from _ids(text)


def _ids(text: str) -> Iterable[str]:
    """The national numbers that a text is valid as, by country; each has a check digit or a strict form."""
    if not _ID.fullmatch(text):
        return
    for country, is_valid in _national():
        if is_valid(text):
            yield f"national id {country}"


@cache
def _national() -> tuple[tuple[str, Callable[[str], bool]], ...]:
    from stdnum.be import nn
    from stdnum.ch import ssn as ahv
    from stdnum.de import idnr
    from stdnum.es import dni, nie
    from stdnum.fr import nir
    from stdnum.it import codicefiscale
    from stdnum.nl import bsn
    from stdnum.pl import pesel
    from stdnum.us import ssn

    countries = (
        ("DE", idnr), ("FR", nir), ("ES", dni), ("ES", nie), ("IT", codicefiscale), ("NL", bsn),
        ("PL", pesel), ("BE", nn), ("CH", ahv),
    )  # fmt: skip
    found = [(country, module.is_valid) for country, module in countries]
    # It has no check digit, so it counts only where it is written with its dashes.
    return (*found, ("US", lambda text: text.count("-") == 2 and bool(ssn.is_valid(text))))


def _is_email(text: str) -> bool:
    from email_validator import EmailNotValidError, validate_email

    try:
        validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return False
    return True


def _is_phone(text: str, region: str | None) -> bool:
    digits = sum(c.isdigit() for c in text)
    if not 7 <= digits <= 15:
        return False
    international = text.startswith(("+", "00"))
    if not international and region is None:
        return text.startswith(("0", "(")) and any(c in " ()/-" for c in text)
    import phonenumbers

    try:
        parsed = phonenumbers.parse("+" + text.lstrip("+").removeprefix("00") if international else text, region)
    except phonenumbers.NumberParseException:
        return False
    return bool(phonenumbers.is_possible_number(parsed))


def _is_ip(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _is_iban(text: str) -> bool:
    from stdnum import iban

    return bool(iban.is_valid(text))


def _maybe_born(year: int) -> bool:
    return 1900 <= year <= date.today().year - 16


@cache
def _first_names() -> frozenset[str]:
    """First names of eight countries, in small letters."""
    import importlib

    found: set[str] = set()
    for locale in ("en_US", "en_GB", "de_DE", "fr_FR", "es_ES", "it_IT", "nl_NL", "pl_PL"):
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        found.update(name.lower() for name in provider.first_names if len(name) > 2)
    return frozenset(found)

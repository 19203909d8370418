"""The kinds of identifiers, and the form in which each is compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime

from dsr_desk.model.names import normal_names
from dsr_desk.model.values import Value, as_text

#: Kinds that confirm who somebody is but never lead to more rows.
CONFIRMING = frozenset({"name", "given_name", "family_name", "date_of_birth"})
#: Kinds that several people often share: alone they prove nothing.
WEAK = frozenset({"phone"})
#: Kinds that are looked for inside free text, as whole words.
MENTIONED = frozenset({"email", "phone", "name", "username", "iban", "national_id"})
#: The shortest value that is looked for inside free text, in characters.
SHORTEST_MENTION = 4
#: Nobody's identifier is longer than this many characters.
LONGEST_IDENTIFIER = 1000

#: What stands around a copied address and is no part of it: blanks, quotes, marks that can't be seen.
_AROUND = " \t\r\n\u00a0'\u200b\u200c\u200d\u2060\ufeff\u200e\u200f"
_AROUND_ADDRESSES = re.compile(r"[\s<>\",;()\[\]]+")
#: An address as nearly all are written: nothing around it, nothing to decode.
_PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]*[A-Za-z0-9]")
_SHORTEST_PHONE = 5
#: Words in a phone field (``tel:``, ``home``). Their letters are no digits, as on a keypad; those before an extension stay.
_WORDS = re.compile(r"(?P<extension>(?<![^\W\d_])(?:ext(?:n|ension)?|x)(?![^\W\d_])\.?(?=[\s.:]*\d))|[^\W\d_]+[:.]?", re.IGNORECASE)
_DATE_FORMS = ("%Y-%m-%d", "%d.%m.%Y", "%Y/%m/%d", "%Y%m%d", "%d-%m-%Y")


def normals(kind: str, value: Value, region: str | None = None) -> frozenset[str]:
    """The forms under which a value of this kind is compared; two values are the same where they share one.

    A field can hold several (``a@x.org, b@x.org``). Empty for NULL, empty texts and what can't be of that kind: it never
    matches anything. ``region`` is the ISO 3166 code by which the system writes its national phone numbers. Kinds
    without a rule compare exactly, as text: ``7`` equals ``"7"``.
    """
    if kind == "date_of_birth":
        return _dates(value)
    text = as_text(value)
    if not text or text.isspace():
        return frozenset()
    match kind:
        case "email":
            if _PLAIN_ADDRESS.fullmatch(text) and "xn--" not in (plain := text.lower()):
                return frozenset((plain,))
            return frozenset(filter(None, map(_email, _addresses(text))))
        case "phone":
            return frozenset(filter(None, (_phone(part, region) for part in _phones(text))))
        case "name" | "given_name" | "family_name":
            return normal_names(text)
        case "iban" | "national_id":
            return frozenset(filter(None, (_compact(text),)))
        case _:
            return frozenset((text,))


def normals_of(kind: str, values: Iterable[Value], region: str | None = None) -> frozenset[str]:
    """The forms of a value that stands over several fields, joined by a blank."""
    parts = list(values)
    if len(parts) == 1:
        return normals(kind, parts[0], region)
    return normals(kind, " ".join(t for t in (as_text(v) for v in parts) if t), region)


def commitment_form(kind: str, value: str) -> str:
    """One stable form of an identifier, independent of systems and regions, for commitments in the trail."""
    return min(normals(kind, value), default=value)


def guess_kind(text: str) -> str | None:
    """The kind of identifier that a text typed into one search box looks like; ``None`` where it could be anything."""
    plain = text.strip()
    if re.fullmatch(r"[^\s@]+@[^\s@]+\.[^\s@]+", plain):
        return "email"
    compact = _compact(plain)
    if re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", compact):
        from stdnum import iban

        if iban.is_valid(compact):
            return "iban"
    if re.search(r"[-./]", plain) and _date(plain):
        return "date_of_birth"
    if re.fullmatch(r"(\+|00)[\d\s()./-]{6,}", plain) or re.fullmatch(r"\(?0\d[\d\s()./-]{5,}", plain):
        return "phone"
    return None


def _addresses(text: str) -> list[str]:
    plain = text.strip()
    if plain.count("@") == 1 and not re.search(r"[\s<>\",;]", plain):
        return [plain]
    # An expression that looks for the @ itself takes hours for a word of a million letters, which anybody may send.
    return [word for word in _AROUND_ADDRESSES.split(plain) if "@" in word[1:-1]] or [plain]


def _email(address: str) -> str:
    plain = unicodedata.normalize("NFC", address.strip(_AROUND)).lower().replace("i\u0307", "i")  # "İ".lower() is two characters
    local, _, domain = plain.removeprefix("mailto:").rpartition("@")
    domain = domain.rstrip(".")
    if "xn--" in domain:
        with suppress(UnicodeError):  # not IDNA after all: compared as it stands
            domain = domain.encode("ascii").decode("idna")
    return f"{local}@{domain}" if local and domain else ""


def _phones(text: str) -> list[str]:
    """The numbers of a field that lists several; a part with fewer digits than any number has means that it is one."""
    parts = [p for p in re.split(r"[;,|\n]", text) if p.strip()]
    return parts if all(sum(c.isdigit() for c in p) >= _SHORTEST_PHONE for p in parts) else [" ".join(parts)]


def _phone(text: str, region: str | None) -> str:
    plain = "".join(_ascii_digit(c) for c in unicodedata.normalize("NFKC", text)).strip()
    plain = _WORDS.sub(lambda found: found[0] if found["extension"] else " ", plain).strip()
    digits = "".join(c for c in plain if c.isdigit())
    if not digits:
        return ""
    international = plain.startswith(("+", "00"))
    if international or region:
        import phonenumbers

        try:
            parsed = phonenumbers.parse("+" + plain.lstrip("+").removeprefix("00") if international else plain, region)
        except phonenumbers.NumberParseException:
            return digits
        if phonenumbers.is_possible_number(parsed):
            return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164).lstrip("+")
    return digits.removeprefix("00") if international else digits


def _ascii_digit(char: str) -> str:
    return str(unicodedata.digit(char)) if char.isdigit() else char


def _compact(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).upper() if c.isalnum())


def _dates(value: Value) -> frozenset[str]:
    if isinstance(value, datetime):
        return frozenset((value.date().isoformat(),))
    if isinstance(value, date):
        return frozenset((value.isoformat(),))
    text = (as_text(value) or "").strip()
    if not text:
        return frozenset()
    return frozenset((_date(text) or text,))


def _date(text: str) -> str | None:
    """A date in one of the usual forms, with or without a time behind it, as ISO 8601."""
    day = re.match(r"(\d{4}-\d{2}-\d{2})[T ]", text)
    for form in _DATE_FORMS:
        try:
            return datetime.strptime(day[1] if day else text, form).date().isoformat()
        except ValueError:
            continue
    return None

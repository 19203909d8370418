"""How the values of a kind are written: an address, a number, a day. What can't be one is refused before it gets anywhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime

from dsr_desk.model.catalog import Field
from dsr_desk.model.identity import normals
from dsr_desk.model.names import split_words
from dsr_desk.model.values import Value, as_text

#: Germany allows numbers of two digits; what anybody gives as theirs has this many at least.
_SHORTEST_PHONE = 5


class UnfitError(Exception):
    """A value that can't be written: ``why`` (never the value itself) and the ``cure``."""

    def __init__(self, why: str, cure: str) -> None:
        super().__init__(why)
        self.why, self.cure = why, cure


def kind_of(known: Field, values: Mapping[str, Value]) -> str:
    """The kind whose form the field has in such a row, by its identity or its category; ``""`` where any text may stand."""
    identity = known.identity_in(values) or ""
    if identity in _FORMS:
        return identity
    category = known.category_in(values) or ""
    return next((kind for key, kind in _CATEGORIES.items() if category == key or category.startswith(f"{key}.")), "")


def insist_seen(known: Field, values: Mapping[str, Value], text: str) -> None:
    """``UnfitError`` for what nobody sees: control characters, and in what tells people apart characters without a width, too.

    Lines and tabs are good in a free text only. Joiners stay there: they belong to some scripts and signs.
    """
    category = known.category_in(values) or ""
    tells = known.identity_in(values) is not None or category.startswith(_TELLING)
    if any(ord(c) < 0x20 and (tells or c not in "\n\t") for c in text) or (tells and any(c in _WIDTHLESS for c in text)):
        raise UnfitError("the new value holds characters that can't be seen", "Type it anew, without copying it from a document")


#: Categories of what tells people apart: names, and where they are reached.
_TELLING = ("user.name", "user.contact")
_WIDTHLESS = frozenset("\u200b\u200c\u200d\u2060\ufeff")


def written(kind: str, text: str, before: Value, region: str | None) -> str:
    """The text as a value of its kind, written the way ``before`` is; ``UnfitError`` where it can't be one."""
    form = _FORMS.get(kind)
    return form(text, before, region) if form else text


def _email(text: str, before: Value, region: str | None) -> str:
    from email_validator import EmailNotValidError, validate_email  # slow to load, and few requests correct anything

    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        raise UnfitError("the new value is no e-mail address", "Write it like ANN@EXAMPLE.ORG, without a name around it") from None
    return text


def _phone(text: str, before: Value, region: str | None) -> str:
    import phonenumbers

    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        number = None
    digits = len(str(number.national_number)) if number is not None else 0
    if number is None or digits < _SHORTEST_PHONE or not phonenumbers.is_possible_number(number):
        national = f", or as it is dialled in {region}" if region else ""
        raise UnfitError("the new value is no phone number", f"Write it with its country, like +49 30 123456{national}")
    old = (as_text(before) or "").strip()
    spaced = bool(re.search(r"\d\D+\d", old))
    if not old or old.startswith("+"):
        style = phonenumbers.PhoneNumberFormat.INTERNATIONAL if spaced else phonenumbers.PhoneNumberFormat.E164
        return str(phonenumbers.format_number(number, style))
    if old.startswith("00") or region is None or number.country_code != phonenumbers.country_code_for_region(region):
        full = str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
        return full.replace("+", "00", 1) if old.startswith("00") else full
    national = str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL))
    return national if spaced else re.sub(r"\D", "", national)


def _iban(text: str, before: Value, region: str | None) -> str:
    from stdnum import iban

    if not iban.is_valid(text):
        raise UnfitError("the new value is no IBAN", "Check its digits: the check number does not hold")
    spaced = " " in (as_text(before) or "")
    return str(iban.format(text) if spaced else iban.compact(text))


def _birth(text: str, before: Value, region: str | None) -> str:
    try:
        day = date.fromisoformat(min(normals("date_of_birth", text), default=""))
    except ValueError:
        raise UnfitError("the new value is no day", "Write it as YYYY-MM-DD") from None
    if day > date.today():
        raise UnfitError("the new value is a day that lies ahead", "Write the day of birth as YYYY-MM-DD")
    return _as_before(day, before)


def _as_before(day: date, before: Value) -> str:
    """A day in the form in which another one is written as text."""
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%Y/%m/%d", "%Y%m%d", "%d-%m-%Y"):
        try:
            datetime.strptime(before if isinstance(before, str) else "", form)
        except ValueError:
            continue
        return day.strftime(form)
    return day.isoformat()


def _name(text: str, before: Value, region: str | None) -> str:
    if not split_words(text):
        raise UnfitError("the new value is no name", "Give a name with at least one letter")
    return text


_FORMS: Mapping[str, Callable[[str, Value, str | None], str]] = {
    "email": _email,
    "phone": _phone,
    "iban": _iban,
    "date_of_birth": _birth,
    "name": _name,
    "given_name": _name,
    "family_name": _name,
}
_CATEGORIES = {
    "user.contact.email": "email",
    "user.contact.phone_number": "phone",
    "user.demographic.date_of_birth": "date_of_birth",
    "user.name": "name",
}

"""What is shown before anybody asks to see it."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsr_desk.model.mask import BULLETS, HIDDEN, is_special, mask, mask_on_paper


@pytest.mark.parametrize(
    ("value", "kind", "category", "shown"),
    [
        (None, "email", None, ""),
        ("", None, None, ""),
        ("maria.hofer@example.org", "email", None, "m•••@example.org"),
        ("maria.hofer@example.org", None, "user.contact.email", "m•••@example.org"),
        ("Maria <maria@x.org>", "email", None, "M•••@x.org"),
        ("a@x.org call 0171 3920042", "email", None, "•••@x.org"),
        ("+49 89 99998488", "phone", None, "+49 ••• •••88"),
        ("089 99998488", None, "user.contact.phone_number", "••• •••88"),
        ("112", "phone", None, "••• •••"),
        ("Maria Hofer", "name", None, "Ma••• Ho•••"),
        ("M. Al", "name", None, "M••• A•••"),
        ("X", "name", None, "•••"),
        (1042, "customer_id", None, "10•••"),
        (42, "customer_id", None, "4•••"),
        (7, None, None, "•••"),
        (date(1986, 4, 17), "date_of_birth", None, "19••-••-••"),
        ("17.04.1986", "date_of_birth", None, "•••"),
        ("nut allergy", None, "user.health_and_medical", HIDDEN),
        ("nut allergy", "email", "user.health_and_medical.record", HIDDEN),
        ("some words", None, "user.content", "“… …”"),
        (True, None, None, "•••"),
        ({"a": "Maria"}, None, None, "•••"),
        (b"Maria", None, None, "•••"),
        ("\u202eabcd\x00", None, None, "ab•••"),
        ("   ", None, None, "•••"),
    ],
)
def test_mask(value: Any, kind: str | None, category: str | None, shown: str) -> None:
    assert mask(value, kind, category) == shown


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        ("Maria@Hofer-Design.example", "email", "M•••@•••"),
        ("Maria <maria@hofer.example>", "email", "M•••@•••"),
        ("@@hofer.example", "email", "•••@•••"),
        ("nobody", "email", "no•••"),
        ("@", "email", "•••@•••"),
        (None, "email", ""),
        ("+49 89 99998488", "phone", "+49 ••• •••88"),
        ("Maria Hofer", "name", "Ma••• Ho•••"),
    ],
)
def test_paper_hides_the_domain_too(value: Any, kind: str, shown: str) -> None:
    assert mask_on_paper(value, kind) == shown


def test_special_categories() -> None:
    assert is_special("user.health_and_medical")
    assert is_special("user.health_and_medical.genetic")
    assert not is_special("user.health_and_medicalx")
    assert not is_special("user.contact")
    assert not is_special(None)


@given(
    st.text(min_size=1) | st.integers() | st.emails() | st.dates() | st.binary(min_size=1),
    st.sampled_from([None, "email", "phone", "name", "date_of_birth", "iban", "customer_id"]),
    st.sampled_from([None, "user.name", "user.contact.email", "user.content", "user.health_and_medical"]),
)
def test_nothing_is_shown_whole_and_nothing_unseen_is_shown(value: Any, kind: str | None, category: str | None) -> None:
    shown = mask(value, kind, category)
    assert BULLETS in shown or shown == "“… …”" or "••-••" in shown
    assert shown != str(value)
    assert shown.isprintable()


@given(st.text("abcdefgh", min_size=4, max_size=40), st.text("abcdefgh", min_size=4, max_size=40))
def test_length_gives_nothing_away(a: str, b: str) -> None:
    assert len(mask(a)) == len(mask(b))
    assert len(mask(a + "@x.org", "email")) == len(mask(b + "@x.org", "email"))

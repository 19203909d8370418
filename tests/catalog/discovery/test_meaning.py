"""What columns hold: names in seven languages, and values that validators know."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from dsr_desk.catalog.discovery.lexicon import fields
from dsr_desk.catalog.discovery.meaning import Guessed, guessed
from dsr_desk.catalog.discovery.values import Looks, looks
from dsr_desk.catalog.rules_collection import categories
from dsr_desk.model.schema import Column, ColumnType
from tests.catalog.discovery.measure import drafted


def of(name: str, kind: ColumnType = "text", values: Sequence[Any] = (), table: str = "t") -> Guessed | None:
    return guessed(Column(name, kind), (table,), looks(values, "DE"), person=True)


def category(*args: Any, **more: Any) -> str | None:
    found = of(*args, **more)
    return found.meaning.category if found else None


def test_every_category_of_the_word_list_is_of_the_taxonomy() -> None:
    assert {m.category for m in fields().values()} <= categories()


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        ("email EMailAddress e_mail courriel correo_electronico indirizzo_email mailadres adres_email", "user.contact.email"),
        ("phone Telefonnr telefono_movil numero_telefono mobiel customer_phone nr_telefon Handy", "user.contact.phone_number"),
        ("firstName Vorname prénom nombre nome_cliente voornaam imię", None),
        ("last_name Nachname nom_famille apellidos cognome achternaam nazwisko", "user.name.last"),
        ("dob birth_date Geburtsdatum date_naissance fecha_nacimiento data_nascita geboortedatum data_urodzenia", None),
        ("PLZ zip_code code_postal codigo_postal cap kod_pocztowy postcode", "user.contact.address.postal_code"),
        ("user_pass password_hash mot_de_passe contraseña wachtwoord hasło Kennwort", "user.authorization.password"),
        ("remote_ip ip_address last_login_ip", "user.device.ip_address"),
        ("iban", "user.financial.bank_account"),
        ("salary Gehalt salaire sueldo stipendio", "user.financial"),
    ],
)
def test_names_in_seven_languages(names: str, wanted: str | None) -> None:
    for name in names.split():
        found = category(name)
        assert found is not None, name
        assert wanted is None or found == wanted, name


SPECIAL = """
religion Konfession wyznanie Gewerkschaftszugehoerigkeit trade_union diagnosis Diagnose blood_type enfermedad
fingerprint sexual_orientation sexuelle_orientierung political_party partito_politico vorstrafen
casier_judiciaire handicap ethnicity numero_secu
"""


@pytest.mark.parametrize("name", SPECIAL.split())
def test_special_categories_are_flagged(name: str) -> None:
    found = of(name)
    assert found is not None
    assert found.meaning.special


NOTHING = """
id created_at email_sent_at email_count phone_verified total status product_id order_number sku state_machine
addressed nameplate is_active version iban_checked
"""


@pytest.mark.parametrize("name", NOTHING.split())
def test_what_is_not_personal_is_left_alone(name: str) -> None:
    assert of(name, "integer", [1, 2, 3, 4, 5, 6]) is None


VALUES = {
    "user.contact.email": ["a@example.org", "b.c@example.com", "d+e@mail.example.net"],
    "user.financial.bank_account": ["DE89370400440532013000", "GB29NWBK60161331926819", "FR14 2004 1010 0505 0001 3M02 606"],
    "user.contact.phone_number": ["+49 30 1234567", "+33 1 42 68 53 00", "+48 22 625 61 00"],
    "user.device.ip_address": ["10.0.0.1", "2001:db8::1", "192.168.1.1"],
    "user.financial.credit_card": ["4111111111111111", "5500005555555559", "340000000000009"],
    "user.authorization.password": ["$2b$12$" + "a" * 53],
    "user.name": ["Anna Schmidt", "Peter Maier", "Giulia Rossi", "Jan Nowak", "Marie Dubois"],
    "user.health_and_medical": ["A+", "0-", "AB+", "B-", "A-"],
    "user.demographic.religious_belief": ["catholic", "evangelisch", "muslim", "keine", "katholisch"],
    "user.demographic.sexual_orientation": ["heterosexual", "gay", "bisexuell", "schwul", "lesbisch"],
}


@pytest.mark.parametrize("wanted", VALUES)
def test_values_decide_where_the_name_says_nothing(wanted: str) -> None:
    assert category("c1", values=VALUES[wanted] * 5) == wanted


NUMBERS = {
    "PL": "44051401359 02070803628 92071314764 81010200134 90090515836",
    "IT": "RCCMNL83S18D969H RSSMRA85T10A562S MRTMTT91D08F205J BNCGNN70A01H501R VRDLGU80A01F205T",
    "ES": "54362315K 12345678Z 99999999R 11111111H 87654321X",
}


@pytest.mark.parametrize("country", NUMBERS)
def test_national_numbers_by_their_check_digits(country: str) -> None:
    numbers = NUMBERS[country].split()
    assert looks(numbers, None).share(f"national id {country}") == 1
    assert category("c1", values=numbers) == "user.government_id.national_identification_number"
    broken = [
        n[:-1] + chr((ord(n[-1]) - ord("0") + 1) % 10 + ord("0") if n[-1].isdigit() else ord(n[-1]) % 90 + 1) for n in numbers
    ]
    assert category("c1", values=broken) != "user.government_id.national_identification_number"


def test_values_overrule_a_name_that_they_deny() -> None:
    assert of("email", values=["yes", "no", "yes", "no", "never"]) is None
    assert category("email_template", values=["welcome", "goodbye", "reminder", "bill", "news"]) is None
    assert category("ip", values=["Patent 4", "Trade mark", "Design", "Patent 7", "Name"]) is None


def test_a_few_values_of_a_kind_make_no_column_of_it() -> None:
    for some in VALUES.values():
        others = [f"word{n}" for n in range(40)]
        assert of("c1", values=[*some[:3], *others]) is None


def test_a_birthday_is_no_other_date() -> None:
    born = [f"19{60 + n}-05-{n + 10}" for n in range(10)]
    assert category("birthday", "date", born) == "user.demographic.date_of_birth"
    assert category("d1", "text", born) == "user.demographic.date_of_birth"
    assert category("d1", "text", [f"2024-05-{n + 10}" for n in range(10)]) is None
    assert guessed(Column("d1", "text"), ("t",), looks(born, None), person=False) is None


def test_looks_hold_no_value() -> None:
    seen = looks(["canary@example.org", "canary", 7, None, b"canary", {"a": "canary"}], None)
    assert "canary" not in repr(seen)
    assert seen.filled == 5


def test_an_empty_column_says_only_what_its_name_says() -> None:
    assert guessed(Column("c1", "text"), ("t",), Looks(), person=True) is None
    assert category("email") == "user.contact.email"


def test_free_text_of_somebody_is_searched_and_that_of_a_product_is_not(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "x.db")) as conn:
        conn.execute("CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT)")
        conn.execute("CREATE TABLE calls (id INTEGER PRIMARY KEY, customer_id INTEGER, remark TEXT)")
        conn.execute("CREATE TABLE products (id INTEGER PRIMARY KEY, description TEXT)")
        conn.execute("INSERT INTO customers VALUES (1, 'a@example.org')")
        conn.execute("INSERT INTO calls VALUES (1, 1, 'she called and wanted her money back')")
        conn.execute("INSERT INTO products VALUES (1, 'a chair of wood, with four legs and a seat')")
        conn.commit()
    mentions = {g.collection for g in drafted(tmp_path / "x.db").guesses if g.says == "mentions: true"}
    assert mentions == {"calls"}

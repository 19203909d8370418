"""Identifiers: when two values are the same, and when they are not."""

import unicodedata
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsr_desk.model.identity import commitment_form, guess_kind, normals, normals_of


@pytest.mark.parametrize(
    "stored",
    [
        "maria.hofer@example.org",
        "MARIA.HOFER@EXAMPLE.ORG",
        "  maria.hofer@example.org\n",
        "Maria Hofer <Maria.Hofer@example.org>",
        '"Hofer, Maria" <maria.hofer@example.org>',
        "other@x.org; maria.hofer@example.org",
        "<maria.hofer@example.org>",
        "'maria.hofer@example.org'",
        "maria.hofer@example.org.",
        "mailto:maria.hofer@example.org",
        "maria.hofer@example.org\u200b",
        "\ufeffmaria.hofer@example.org",
    ],
)
def test_one_address_however_it_is_written(stored: str) -> None:
    assert normals("email", "maria.hofer@example.org") & normals("email", stored)


@pytest.mark.parametrize(
    "other",
    [
        "maria.hofer@example.com",
        "maria_hofer@example.org",
        "mariahofer@example.org",
        "maria.hofer+shop@example.org",
        "xmaria.hofer@example.org",
        "maria.hofer@example.org.uk",
        "m\u0430ria.hofer@example.org",  # a Cyrillic a
        "maria.hofer",
        "%@example.org",
        "_aria.hofer@example.org",
    ],
)
def test_another_address(other: str) -> None:
    assert not normals("email", "maria.hofer@example.org") & normals("email", other)


def test_letters_outside_ascii_in_addresses() -> None:
    assert normals("email", "JÖRG@x.org") == normals("email", unicodedata.normalize("NFD", "jörg@X.org")) == {"jörg@x.org"}
    assert normals("email", "İbrahim@x.org") == {"ibrahim@x.org"}
    assert normals("email", "a@xn--mnchen-3ya.de") == normals("email", "a@MÜNCHEN.de")
    assert normals("email", "a@xn--.de") == {"a@xn--.de"}
    assert normals("email", "o'brien@x.ie") == {"o'brien@x.ie"}


@pytest.mark.parametrize("value", [None, "", " ", "\t\n", "\u00a0", "@", "a@", "@x.org", "<>"])
def test_nothing_is_no_address(value: Any) -> None:
    assert normals("email", value) == frozenset()


@pytest.mark.parametrize(
    ("stored", "region"),
    [
        ("+49 89 99998488", None),
        ("+49 89 99998488", "DE"),
        ("+49 89 99998488", "IE"),
        ("+49 (0)89 99998488", "DE"),
        ("0049 89 99998488", None),
        ("089/999 98 488", "DE"),
        ("(089) 99998-488", "DE"),
        (498999998488, "DE"),
        ("tel:+49-89-99998488", "DE"),
        ("+49 89 99998488 ext. 5", "DE"),
        ("٠٨٩ ٩٩٩٩٨٤٨٨", "DE"),
        ("＋49 89 99998488", None),
        ("0171 3920042; 089 99998488", "DE"),
    ],
)
def test_one_phone_however_it_is_written(stored: Any, region: str | None) -> None:
    assert normals("phone", "+498999998488") & normals("phone", stored, region)


@pytest.mark.parametrize(
    ("stored", "region"),
    [("+49 89 99998489", "DE"), ("99998488", None), ("089 99998488", "AT"), ("+48 89 99998488", "DE"), ("none", "DE"), ("+", "DE")],
)
def test_another_phone(stored: str, region: str | None) -> None:
    assert not normals("phone", "+498999998488") & normals("phone", stored, region)


def test_a_list_of_short_parts_is_one_phone() -> None:
    assert normals("phone", "089,999,98,488", "DE") == {"498999998488"}


@pytest.mark.parametrize("words", ["{} home", "Tel. {}", "tel:{}", "Mobil: {} (abends)", "{} ext. 12", "{} x12", "büro {}"])
def test_words_beside_a_number_are_no_digits(words: str) -> None:
    assert normals("phone", words.format("089 99998488"), "DE") == {"498999998488"}
    assert normals("phone", words.format("+49 89 99998488")) == {"498999998488"}


@pytest.mark.parametrize("region", ["DE", None])
def test_letters_spell_no_number(region: str | None) -> None:
    assert not normals("phone", "+4930272437", region) & normals("phone", "+49 30 archer", region)


@pytest.mark.parametrize("value", [None, "", " ", "no phone", "-"])
def test_nothing_is_no_phone(value: Any) -> None:
    assert normals("phone", value, "DE") == frozenset()


@pytest.mark.parametrize(
    "value",
    [
        date(1986, 4, 17),
        datetime(1986, 4, 17, 23, 59),
        "1986-04-17",
        "17.04.1986",
        "17.4.1986",
        "1986/04/17",
        "19860417",
        19860417,
        "1986-04-17 00:00:00",
        "1986-04-17T10:00:00Z",
    ],
)
def test_one_birthday_however_it_is_written(value: Any) -> None:
    assert normals("date_of_birth", value) == {"1986-04-17"}


@pytest.mark.parametrize("value", ["April 1986", "0000-00-00", "2026-02-30", "2026-02-30 00:00:00"])
def test_what_is_no_date_equals_only_itself(value: str) -> None:
    assert normals("date_of_birth", value) == {value}


@pytest.mark.parametrize("kind", ["email", "phone", "name", "date_of_birth", "iban", "national_id", "customer_id"])
def test_null_and_empty_never_match(kind: str) -> None:
    for value in (None, "", " ", "\n"):
        assert normals(kind, value) == frozenset()


def test_an_account_number_without_its_blanks() -> None:
    assert normals("iban", "de66 9999-9999 4028 2949 60") == normals("iban", "DE66999999994028294960")


@pytest.mark.parametrize("value", [1042, "1042", 1042.0])
def test_free_kinds_compare_as_text(value: Any) -> None:
    assert normals("customer_id", value) == {"1042"}
    assert not normals("customer_id", value) & (
        normals("customer_id", "01042") | normals("customer_id", "10425") | normals("customer_id", "1042 ")
    )


def test_a_name_over_several_fields() -> None:
    assert normals_of("name", ["Maria", None, "Hofer"]) & normals("name", "Hofer, Maria")
    assert normals_of("name", [None, ""]) == frozenset()
    assert normals_of("customer_id", [7]) == {"7"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("maria@example.org", "email"),
        (" maria@example.org ", "email"),
        ("DE89 3704 0044 0532 0130 00", "iban"),
        ("+49 89 99998488", "phone"),
        ("089/99998488", "phone"),
        ("(089) 99998488", "phone"),
        ("17.04.1986", "date_of_birth"),
        ("1986-04-17", "date_of_birth"),
        ("Maria Hofer", None),
        ("1042", None),
        ("DE00 3704 0044 0532 0130 00", None),
        ("a@b", None),
        ("", None),
        ("%", None),
    ],
)
def test_the_kind_that_a_text_looks_like(text: str, kind: str | None) -> None:
    assert guess_kind(text) == kind


def test_one_form_for_a_commitment() -> None:
    assert commitment_form("email", "Maria@Example.org") == commitment_form("email", "maria@example.org")
    assert commitment_form("name", "Müller, Maria") == commitment_form("name", "maria MÜLLER")
    assert commitment_form("customer_id", "7") == "7"


@given(
    st.sampled_from(["email", "phone", "name", "date_of_birth", "iban", "customer_id"]),
    st.text(st.characters(codec=None)) | st.integers() | st.binary(),
)
def test_no_value_breaks_it_and_every_one_equals_itself(kind: str, value: Any) -> None:
    for region in (None, "DE"):
        forms = normals(kind, value, region)
        assert forms == normals(kind, value, region)
        assert "" not in forms
    guess_kind(str(value))


@pytest.mark.parametrize("kind", ["email", "phone", "name", "date_of_birth", "iban", "national_id"])
@pytest.mark.parametrize("word", ["a", "1", "1 ", "a.", "@", "+49 ", "(", "a@x.org, ", "\u0301"])
def test_a_word_of_any_length_is_read_in_one_go(kind: str, word: str) -> None:
    """Whoever sends a message with a word of a million letters must not stop every search: that would be hours, not a moment."""
    normals(kind, word * (1_000_000 // len(word)), "DE")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('<a@x.org>, "b" <b@x.org>;c@x.org', {"a@x.org", "b@x.org", "c@x.org"}),
        ("@x.org, a@ b, c@x.org", {"c@x.org"}),
        ("a long name without any", set()),
    ],
)
def test_addresses_among_other_words(text: str, found: set[str]) -> None:
    assert normals("email", text) == found

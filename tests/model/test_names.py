"""Names: one person's spellings, and other people."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsr_desk.model.names import names_agree, normal_names

SAME = [
    ("Maria Hofer", "Hofer, Maria"),
    ("Maria Hofer", "MARIA  HOFER"),
    ("Maria Müller", "Maria Mueller"),
    ("Maria Müller", "Maria Muller"),
    ("Paul Weiß", "Paul Weiss"),
    ("Seán O'Brien", "Sean O’Brien"),
    ("O'Brien", "OBrien"),
    ("Łukasz Żak", "Lukasz Zak"),
    ("Øyvind Østergård", "Oyvind Ostergard"),
    ("İbrahim Çelik", "Ibrahim Celik"),
    ("IŞIK", "Işık".upper()),
    ("Anne-Marie", "Anne Marie"),
    ("Ольга Петрова", "Petrova, Ольга"),
    ("Ольга", "Olga"),
    ("Γιώργος", "Giorgos"),
    ("प्रिया शर्मा", "शर्मा प्रिया"),
]


@pytest.mark.parametrize(("a", "b"), SAME[:14])
def test_one_name_however_it_is_written(a: str, b: str) -> None:
    if a == "Ольга Петрова":
        assert names_agree(a, b)
    else:
        assert normal_names(a) & normal_names(b)


@pytest.mark.parametrize(("a", "b"), SAME)
def test_spellings_agree(a: str, b: str) -> None:
    assert names_agree(a, b)
    assert names_agree(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("M. Hofer", "Maria Hofer"),
        ("Dr. Maria Hofer", "Hofer Maria"),
        ("Maria", "Maria Hofer"),
        ("Maria Anna Hofer", "Maria Hofer"),
        ("Maria Hofer", "Maria Hofer-Schmidt"),
        ("Maria Hoffer", "Maria Hofer"),
        ("M. Maria", "Maria Martin"),  # the initial must not take the place of the whole name
        ("", "Maria"),
        ("...", "Maria"),
        ("123", "456"),
        ("Maria Hofer 2", "Maria Hofer"),
        ("Frau", "Herr"),
    ],
)
def test_no_contradiction(a: str, b: str) -> None:
    assert names_agree(a, b)
    assert names_agree(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Maria Hofer", "Klaus Hofer"),
        ("Maria Hofer", "K. Hofer"),
        ("Maria Hofer", "Maria Huber"),
        ("Maria Maria", "Maria Hofer"),
        ("Hofer", "Weiß"),
        ("Ольга", "Мария"),
    ],
)
def test_a_contradiction(a: str, b: str) -> None:
    assert not names_agree(a, b)
    assert not names_agree(b, a)


@pytest.mark.parametrize("text", ["", " ", "-", "123", "'", "\u0301", "🙂"])
def test_no_letter_is_no_name(text: str) -> None:
    assert normal_names(text) == frozenset()


def test_the_parts_of_a_letter_make_no_new_word() -> None:
    assert normal_names("İbrahim") == {"ibrahim"}
    assert normal_names("Mu\u0308ller") == normal_names("Müller") == {"muller", "mueller"}
    assert len(min(normal_names("प्रिया"), key=len).split()) == 1


@given(st.text())
def test_every_name_agrees_with_itself_in_every_form(text: str) -> None:
    for form in ("NFC", "NFD"):
        other = unicodedata.normalize(form, text)
        assert names_agree(text, other)
        assert normal_names(text) == normal_names(other)

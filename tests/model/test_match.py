"""Whether a row answers: exact and by kind, conditions, free text; and that narrowing never loses a row."""

import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsr_desk.model.finding import Lookup
from dsr_desk.model.match import Question, holds, mention_pattern, mentions


def by_kind(
    kind: str, *values: str, fields: tuple[str, ...] = ("f",), mention: bool = False, region: str | None = "DE"
) -> Question:
    return Question(Lookup("c", fields, tuple((v,) for v in values), kind, mention), region)


def found(kind: str, value: str, text: str, region: str | None = "DE") -> list[str]:
    pattern = mention_pattern([(kind, value)], region)
    return [] if pattern is None else [text[m.start : m.end] for m in mentions(text, "note", pattern)]


@pytest.mark.parametrize(
    ("when", "values", "met"),
    [
        ({}, {}, True),
        ({"type": ("User",)}, {"type": "User"}, True),
        ({"type": ("User", "Admin")}, {"type": "Admin"}, True),
        ({"type": ("User",)}, {"type": "user"}, False),
        ({"type": ("4",)}, {"type": 4}, True),
        ({"type": ("4",)}, {"type": Decimal("4.0")}, True),
        ({"type": ("",)}, {"type": None}, False),
        ({"type": ("None",)}, {"type": None}, False),
        ({"type": ("x",)}, {}, False),
        ({"a": ("1",), "b": ("2",)}, {"a": 1, "b": 3}, False),
    ],
)
def test_conditions(when: Mapping[str, tuple[str, ...]], values: Mapping[str, Any], met: bool) -> None:
    assert holds(when, values) is met


def test_a_reference_compares_field_by_field_as_text() -> None:
    question = Question(Lookup("c", ("a", "b"), ((7, "x"), ("8", None))))
    assert question.answers({"a": "7", "b": "x"})
    assert question.answers({"a": Decimal("7.00"), "b": "x"})
    for values in (
        {"a": "7", "b": "X"},
        {"a": "07", "b": "x"},
        {"a": 8, "b": None},
        {"a": 8, "b": "None"},
        {"a": "x", "b": 7},
        {"a": 7},
        {},
    ):
        assert not question.answers(values), values


def test_null_and_empty_answer_nothing() -> None:
    assert not Question(Lookup("c", ("f",), ((None,),))).answers({"f": None})
    for kind in ("email", "phone", "name", "customer_id", "date_of_birth"):
        for value in (None, "", " "):
            assert not by_kind(kind, "").answers({"f": value})
            assert not by_kind(kind, "maria@example.org").answers({"f": value})


def test_the_condition_comes_first() -> None:
    question = Question(Lookup("c", ("f",), (("a@x.org",),), "email", when={"type": ("1",)}))
    assert question.answers({"f": "a@x.org", "type": 1})
    assert not question.answers({"f": "a@x.org", "type": 2})


@pytest.mark.parametrize("value", ["%", "_", "%@example.org", "m%", ".*", "' OR 1=1 --", "maria_hofer@example.org"])
def test_values_are_data(value: str) -> None:
    for kind in ("email", "name", "customer_id", "phone"):
        assert not by_kind(kind, value).answers({"f": "mariaXhofer@example.org"})
        assert not by_kind(kind, value, mention=True).answers({"f": "call mariaXhofer@example.org, maria"})


@pytest.mark.parametrize(
    ("kind", "value", "text", "hits"),
    [
        ("email", "a.b@c.org", "Mail a.b@c.org, A.B@C.ORG. Not za.b@c.org, a.b@c.org.uk, a.b@c.orgx", ["a.b@c.org", "A.B@C.ORG"]),
        ("email", "a.b@c.org", "<a.b@c.org>", ["a.b@c.org"]),
        ("email", "axb@c.org", "a.b@c.org", []),
        ("email", "maria@münchen.de", "maria@xn--mnchen-3ya.de", ["maria@xn--mnchen-3ya.de"]),
        ("email", "jörg@x.org", unicodedata.normalize("NFD", "an jörg@x.org"), [unicodedata.normalize("NFD", "jörg@x.org")]),
        ("phone", "+49 89 99998488", "089/999 98 488 or 0049-89-99998488", ["089/999 98 488", "0049-89-99998488"]),
        ("phone", "+49 89 99998488", "1089 99998488, 089 999984881", []),
        ("iban", "DE66999999994028294960", "IBAN DE66 9999 9999 4028 2949 60.", ["DE66 9999 9999 4028 2949 60"]),
        ("username", "maria_h", "@maria_h, maria_h2", ["maria_h"]),
        ("name", "Maria Hofer", "Maria Hofer; HOFER, MARIA; Maria\nHofer", ["Maria Hofer", "HOFER, MARIA", "Maria\nHofer"]),
        ("name", "Maria Hofer", "Marianne Hofer! Maria Hoferin! Maria and Mr Hofer", []),
        ("name", "Jürgen Weiß", "Juergen Weiss, JÜRGEN WEISS, Jurgen Weiß", ["Juergen Weiss", "JÜRGEN WEISS", "Jurgen Weiß"]),
        ("name", "Juergen Weiss", "Jürgen Weiß", ["Jürgen Weiß"]),
        ("name", "Anne-Marie Müller", "Anne-Marie Müller, Müller, Anne Marie", ["Anne-Marie Müller", "Müller, Anne Marie"]),
        ("name", "Karl von der Heide", "von der Heide, Karl", ["von der Heide, Karl"]),
        ("name", "Seán O'Brien", "Sean O’Brien, SEÁN OBRIEN", ["Sean O’Brien", "SEÁN OBRIEN"]),
        ("name", "Łukasz Żak", "Lukasz Zak", ["Lukasz Zak"]),
        ("name", "İbrahim Çelik", "İbrahim Çelik, Ibrahim Celik", ["İbrahim Çelik", "Ibrahim Celik"]),
        ("name", "Øyvind Østergård", "Oyvind Oestergaard", ["Oyvind Oestergaard"]),
        ("name", "José Núñez", unicodedata.normalize("NFD", "José Núñez"), [unicodedata.normalize("NFD", "José Núñez")]),
        ("name", "प्रिया शर्मा", "यह प्रिया शर्मा है", ["प्रिया शर्मा"]),
    ],
)
def test_mentions_are_whole_words(kind: str, value: str, text: str, hits: list[str]) -> None:
    assert found(kind, value, text) == hits


@pytest.mark.parametrize(
    ("kind", "value"),
    [("customer_id", "1042"), ("name", "Li"), ("name", "...."), ("email", ""), ("phone", "12"), ("date_of_birth", "1986-04-17")],
)
def test_row_numbers_and_short_values_are_not_looked_for(kind: str, value: str) -> None:
    assert mention_pattern([(kind, value)], "DE") is None


def test_a_mention_says_what_was_found_and_where() -> None:
    pattern = mention_pattern([("email", "m@x.org"), ("national_id", "12 3456"), ("name", "Maria Hofer")])
    assert pattern is not None
    text = "Maria Hofer, m@x.org, 123-456"
    assert [(m.field, m.kind, text[m.start : m.end]) for m in mentions(text, "note", pattern)] == [
        ("note", "name", "Maria Hofer"),
        ("note", "email", "m@x.org"),
        ("note", "national_id", "123-456"),
    ]


def test_a_name_of_very_many_words_ends() -> None:
    assert found("name", " ".join(["word"] * 300), "word " * 300)


NAMES = [
    "Maria Hofer",
    "Jürgen Weiß",
    "Juergen Weiss",
    "Müller-Lüdenscheidt Anna",
    "O'Brien",
    "Łukasz Żak",
    "van 't Hof",
    "Åse Thorsson",
    "İlk Kaan",
]
EMAILS = ["maria@example.org", "jörg@x.org", "o'b@x.org", "a@münchen.de", "İk@x.org", "A_b%c@x.org"]
PHONES = ["+49 89 99998488", "089 99998488", "12345", "112", "+1 800 3569377", "0049891234"]


def spelled(kind: str, value: str) -> list[str]:
    """Other spellings of a value, all of which may answer."""
    if kind == "phone":
        digits = "".join(c for c in value if c.isdigit())
        return [value, digits, "-".join(digits), f"+{digits}", f"tel:{value}", f"0{digits[2:]}", digits[2:], digits[4:]]
    forms = [value, value.upper(), value.lower(), unicodedata.normalize("NFD", value), f"{value}.", f" {value} "]
    forms += ["".join(c for c in unicodedata.normalize("NFKD", f) if not unicodedata.combining(c)) for f in list(forms)]
    forms += [f.replace("ü", "ue").replace("ß", "ss").replace("ł", "l").replace("Å", "Aa").replace("'", "") for f in list(forms)]
    words = value.split()
    return [*forms, ", ".join([words[-1], *words[:-1]]), f'"{value}" <{value}>', f"xx{value}"]


def in_order(pieces: tuple[str, ...], text: str) -> bool:
    """What SQL's LIKE does with ASCII, ignoring case."""
    at, lowered = 0, text.lower()
    for piece in pieces:
        at = lowered.find(piece.lower(), at)
        if at < 0:
            return False
        at += len(piece)
    return True


@pytest.mark.parametrize(
    ("kind", "value"), [("name", n) for n in NAMES] + [("email", e) for e in EMAILS] + [("phone", p) for p in PHONES]
)
@pytest.mark.parametrize("region", ["DE", None])
def test_narrowing_loses_no_row(kind: str, value: str, region: str | None) -> None:
    given, answered = spelled(kind, value), 0
    for asked in given:
        question = by_kind(kind, asked, region=region)
        patterns = question.patterns()
        for stored in given:
            if question.answers({"f": stored}):
                answered += 1
                if patterns is not None and stored.isascii():
                    assert any(in_order(p, stored) for p in patterns), (asked, stored, patterns)
    assert answered >= len(given)


@pytest.mark.parametrize(
    ("kind", "value"), [("name", n) for n in NAMES] + [("email", e) for e in EMAILS] + [("phone", p) for p in PHONES]
)
def test_narrowing_loses_no_mention(kind: str, value: str) -> None:
    given = spelled(kind, value)
    for asked in given:
        question = by_kind(kind, asked, mention=True)
        patterns = question.patterns()
        for text in (f"Say, {s}!" for s in given):
            if patterns is not None and question.answers({"f": text}):
                assert any(in_order(p, text) for p in patterns), (asked, text, patterns)


@given(
    st.sampled_from(["email", "phone", "name", "iban", "username", "customer_id"]), st.text(st.characters(codec=None), max_size=60)
)
def test_no_value_breaks_a_question(kind: str, value: str) -> None:
    for mention in (False, True):
        question = by_kind(kind, value, mention=mention)
        question.answers({"f": value})
        question.patterns()


LIST = ["Ann@x.org", None, ["ben@x.org"], 7]


def test_any_entry_of_a_list_answers_and_is_told() -> None:
    for value in ("Ann@x.org", "ben@x.org", "7", 7, LIST):
        asked = Question(Lookup("c", ("f",), ((value,), ("other",))))
        assert asked.answers({"f": LIST}) and asked.told({"f": LIST}) == [(value,)], value
    for value in ("ann@x.org", "None", "", None, "[]"):
        assert not Question(Lookup("c", ("f",), ((value,),))).answers({"f": LIST}), value
    assert not Question(Lookup("c", ("f",), (("x",),))).answers({"f": []})
    mails = by_kind("email", "BEN@x.org", "ann@x.org", "cyd@x.org")
    assert mails.answers({"f": LIST}) and set(mails.told({"f": LIST})) == {("ann@x.org",), ("BEN@x.org",)}
    assert not by_kind("email", "cyd@x.org").answers({"f": LIST})
    assert by_kind("email", "ben@x.org", mention=True).answers({"f": ["write to ben@x.org", "or not"]})


def test_lists_of_several_fields_answer_together() -> None:
    asked = Question(Lookup("c", ("a", "b"), ((1, "x"),)))
    assert asked.answers({"a": [2, 1], "b": "x"}) and asked.answers({"a": [2, 1], "b": ["y", "x"]})
    assert not asked.answers({"a": [2, 3], "b": "x"}) and not asked.answers({"a": [1], "b": None})
    assert by_kind("name", "Ann Lee", fields=("a", "b")).answers({"a": ["Bo", "Ann"], "b": "Lee"})
    many = list(range(1_000))
    assert not asked.answers({"a": many[5:], "b": many})  # a million readings of one row end


def test_a_condition_holds_for_any_entry_of_a_list() -> None:
    assert holds({"roles": ("admin", "7")}, {"roles": ["user", 7]})
    assert not holds({"roles": ("admin",)}, {"roles": ["user", None]}) and not holds({"roles": ("",)}, {"roles": []})

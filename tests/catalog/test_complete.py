"""What may stand at a place that is being typed, and the cures that problems offer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import dsr_desk.strategies
from dsr_desk.catalog.complete import Known, offers, place_at
from dsr_desk.catalog.mend import cures
from dsr_desk.catalog.problem import Problem
from dsr_desk.catalog.read import read_catalog
from dsr_desk.plugins import plugins
from dsr_desk.strategies.base import Strategy

KNOWN = Known(
    strategies=plugins(dsr_desk.strategies, Strategy),
    drivers=("sheet", "sql"),
    connectors=("woocommerce",),
    tables=("visits", "odd name: x"),
    columns={"customers": ("id", "email", "note")},
    targets=("customers.id", "crm/contacts.id"),
)
TOP = "system: shop\ndriver: sql\ncollections:\n  customers:\n    key: [id]\n    fields:\n      id: {}\n"


def _at(text: str) -> tuple[str, int]:
    at = text.index("|")
    return text[:at] + text[at + 1 :], at


@pytest.mark.parametrize(
    ("text", "path", "at_key", "typed"),
    [
        ("|", (), True, ""),
        ("sys|", (), True, "sys"),
        ("driver: s|", ("driver",), False, "s"),
        (TOP + "      email: {cat|", ("collections", "customers", "fields", "email"), True, "cat"),
        (TOP + "      email: {category: user.c|", ("collections", "customers", "fields", "email", "category"), False, "user.c"),
        (TOP + "      email: {category: user.name, |}", ("collections", "customers", "fields", "email"), True, ""),
        (TOP + "      email: {erase: {|", ("collections", "customers", "fields", "email", "erase"), True, ""),
        (TOP + "      email: {title: 'a, {b', id|", ("collections", "customers", "fields", "email"), True, "id"),
        (
            TOP + "      email:\n        {category: x,\n  erase: nu|",
            ("collections", "customers", "fields", "email", "erase"),
            False,
            "nu",
        ),
        (TOP + "    on|", ("collections", "customers"), True, "on"),
        (TOP + "  |", ("collections",), True, ""),
        (TOP + "      x: {}  # {open\n      |", ("collections", "customers", "fields"), True, ""),
        ("collections:\n  a:\n    key: [|", ("collections", "a", "key"), False, ""),
        ('"odd: name": |', ("odd: name",), False, ""),
    ],
)
def test_the_place_is_read_from_what_stands_above(text: str, path: tuple[str, ...], at_key: bool, typed: str) -> None:
    place = place_at(*_at(text))
    assert (place.path, place.at_key, place.typed) == (path, at_key, typed)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("connec|", ["connector"]),
        ("driver: |", ["sheet", "sql"]),
        (TOP + "    on_erase: |", ["delete", "redact", "keep"]),
        (TOP + "      email: {category: biometric|", ["user.authorization.biometric", "user.biometric"]),
        (TOP + "      email: {identity: em|", ["email"]),
        (TOP + "      |", ["id", "email", "note"]),
        (TOP + "  |", ["visits", '"odd name: x"']),
        (TOP + "      email: {erase: pseu|", ["pseudonym"]),
        (TOP + "      email: {erase: {pseudonym: {suf|", ["suffix"]),
        (TOP + "      email: {owned_by: c|", ["customers.id", "crm/contacts.id"]),
        (TOP + "    keep: {ground: b|", ['"17(3)(b)"']),
        (TOP + "    subject: t|", ["true"]),
        (TOP + "    key: [n|", ["note"]),
        ("options: {|", []),
    ],
)
def test_what_may_stand_there(text: str, words: list[str]) -> None:
    _, found = offers(*_at(text), KNOWN)
    assert [o.word for o in found][: len(words)] == words if words else not found


def test_keys_and_strategies_say_what_they_are() -> None:
    _, found = offers(*_at(TOP + "      email: {|"), KNOWN)
    assert next(o.says for o in found if o.word == "mentions").startswith("Free text")
    _, found = offers(*_at(TOP + "      email: {erase: nul|"), KNOWN)
    assert "``" not in found[0].says and found[0].says


def test_any_beginning_of_the_sample_is_a_place() -> None:
    text = (Path(__file__).parents[2] / "resources" / "sample" / "catalog" / "shop.yaml").read_text(encoding="utf-8")
    for at in range(0, len(text), 37):
        offers(text, at, KNOWN)


# -- cures -------------------------------------------------------------------------------------------------------------


def _problems(tmp_path: Path, text: str) -> tuple[Problem, ...]:
    (tmp_path / "catalog").mkdir()
    (tmp_path / "catalog" / "shop.yaml").write_text(text, encoding="utf-8")
    return read_catalog(tmp_path).problems


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        (TOP + "    on_erase: redactt   # why\n", TOP + "    on_erase: redact   # why\n"),
        (TOP + "    on_erase: anonimise\n", TOP + "    on_erase: delete\n"),
        (TOP + "    on_erse: delete\n", TOP + "    on_erase: delete\n"),
        (TOP.replace("id: {}", "id: {categry: user.name}"), TOP.replace("id: {}", "id: {category: user.name}")),
        (TOP.replace("id: {}", 'id: {category: "user.nme"}'), TOP.replace("id: {}", "id: {category: user.name}")),
    ],
)
def test_the_first_cure_is_the_word_that_was_meant(tmp_path: Path, wrong: str, right: str) -> None:
    offered = [cure for problem in _problems(tmp_path, wrong) for cure in cures(problem, wrong)]
    assert offered
    first = offered[0]
    assert wrong[: first.start] + first.new + wrong[first.end :] == right


def test_nothing_is_offered_where_the_text_has_moved_on(tmp_path: Path) -> None:
    wrong = TOP + "    on_erase: redactt\n"
    problem = next(p for p in _problems(tmp_path, wrong) if p.severity == "error")
    assert cures(problem, "system: shop\n") == ()
    assert cures(replace(problem, line=1, column=50), wrong) == ()
    assert cures(Problem("error", "f", 1, 1, "", "It is wrong.", "Mend it."), wrong) == ()
    assert cures(Problem("error", "f", 1, 1, "", "m", "Did you mean a, b, c, d, e or f?"), wrong) == ()

"""Erasure (Art. 17), by data: a finding, what the catalog says, and what should become of each field."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dsr_desk.model.catalog import Catalog
from tests.flow.world import KEEP, ident, owned_by, seen_by, table, text
from tests.rights.cases import catalog_of, finding, intents, told


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return catalog_of(
        tmp_path,
        people=table(
            "id email name made",
            subject=True,
            on_erase="redact",
            id=ident("no", category="user.unique_id"),
            email=ident("email", None),
            name=ident("name", {"constant": "Erased"}),
        ),
        wishes=table("id person what", person=owned_by("people.id"), what=text()),
        orders=table(
            "id person note until",
            on_erase="keep",
            keep={**KEEP, "until": {"field": "until", "plus": "1 month"}},
            person=owned_by("people.id"),
            note=text(None),
        ),
        fixed=table("id person", on_erase="keep", keep={**KEEP, "until": "2030-01-31"}, person=owned_by("people.id")),
        mixed=table("id person a b", on_erase="redact", keep=KEEP, person=owned_by("people.id"), a=text("keep"), b=text("blank")),
        unsaid=_unsaid(),
        letters=table("id sender reader body", sender=owned_by("people.id"), reader=seen_by("people.id"), body=text(mentions=True)),
    )


def _unsaid() -> Any:
    made = table("id person", person=owned_by("people.id"))
    del made.says["on_erase"]
    return made


PEOPLE = {"id": 1, "email": "ann@x.org", "name": "Ann", "made": "x"}

DATA: list[tuple[str, str, dict[str, Any], dict[str, Any], str, dict[str, str], set[str]]] = [
    (
        "redacted",
        "people",
        {},
        PEOPLE,
        "change",
        {"id": "retained", "email": "erased", "name": "erased", "made": "not personal"},
        {"email", "name"},
    ),
    (
        "unknown column",
        "people",
        {},
        {**PEOPLE, "shoe": 3},
        "change",
        {"id": "retained", "email": "erased", "name": "erased", "made": "not personal", "shoe": "manual"},
        {"email", "name"},
    ),
    (
        "NULL stays named",
        "people",
        {},
        {**PEOPLE, "name": None},
        "change",
        {"id": "retained", "email": "erased", "name": "erased", "made": "not personal"},
        {"email", "name"},
    ),
    (
        "deleted",
        "wishes",
        {},
        {"id": 2, "person": 1, "what": "x"},
        "delete",
        dict.fromkeys(["id", "person", "what"], "erased"),
        set(),
    ),
    (
        "kept",
        "orders",
        {},
        {"id": 3, "person": 1, "note": "x", "until": "2024-01-31"},
        "change",
        {"id": "retained", "person": "retained", "note": "erased", "until": "retained"},
        {"note"},
    ),
    ("kept until a day", "fixed", {}, {"id": 4, "person": 1}, "keep", {"id": "retained", "person": "retained"}, set()),
    (
        "a field kept in a redacted row",
        "mixed",
        {},
        {"id": 5, "person": 1, "a": "x", "b": "y"},
        "change",
        {"id": "not personal", "person": "not personal", "a": "retained", "b": "erased"},
        {"b"},
    ),
    ("nothing said", "unsaid", {}, {"id": 6, "person": 1}, "manual", {"id": "manual", "person": "manual"}, set()),
    (
        "shared",
        "wishes",
        {"shared": True},
        {"id": 2, "person": 1, "what": "x"},
        "manual",
        dict.fromkeys(["id", "person", "what"], "manual"),
        set(),
    ),
    (
        "to be reviewed",
        "wishes",
        {"review": ("name differs",)},
        {"id": 2, "person": 1, "what": "x"},
        "manual",
        dict.fromkeys(["id", "person", "what"], "manual"),
        set(),
    ),
    (
        "mentioned",
        "letters",
        {"mention": True, "mentions": [("body", "name", 0, 3)]},
        {"id": 8, "sender": 2, "reader": 2, "body": "Ann"},
        "manual",
        dict.fromkeys(["id", "sender", "reader", "body"], "manual"),
        set(),
    ),
    (
        "only seen",
        "letters",
        {"access_only": True},
        {"id": 8, "sender": 2, "reader": 1, "body": "hi"},
        "keep",
        dict.fromkeys(["id", "sender", "reader", "body"], "excluded"),
        set(),
    ),
]


@pytest.mark.parametrize(
    ("collection", "marks", "values", "action", "outcomes", "erased"), [d[1:] for d in DATA], ids=[d[0] for d in DATA]
)
def test_what_becomes_of_a_finding(
    catalog: Catalog,
    collection: str,
    marks: dict[str, Any],
    values: dict[str, Any],
    action: str,
    outcomes: dict[str, str],
    erased: set[str],
) -> None:
    (intent,) = intents("erasure", catalog, finding(collection, marks, **values))
    assert intent.action == action
    assert told(intent) == outcomes
    assert set(intent.erase) == erased
    for outcome in intent.fields.values():
        assert outcome.name not in ("manual", "excluded") or outcome.reason
        assert outcome.name != "retained" or outcome.reason


def test_one_intent_a_finding_in_their_order(catalog: Catalog) -> None:
    found = [finding("wishes", id=n, person=1, what="x") for n in (3, 1, 2)]
    assert [i.ref.path for i in intents("erasure", catalog, *found)] == ["db/wishes/3", "db/wishes/1", "db/wishes/2"]


@pytest.mark.parametrize("marks", [{}, {"shared": True}, {"review": ("phone alone",)}])
def test_a_person_decides(catalog: Catalog, marks: dict[str, Any]) -> None:
    row = finding("wishes", marks, id=2, person=1, what="x")
    (out,) = intents("erasure", catalog, row, exclude=("db/wishes/2",))
    assert (out.action, set(told(out).values())) == ("keep", {"excluded"})
    assert {o.reason for o in out.fields.values()} == {"Looked at it"}
    (in_,) = intents("erasure", catalog, row, include=("db/wishes/2",))
    assert (in_.action, set(told(in_).values())) == ("delete", {"erased"})


def test_a_mention_takes_the_name_and_leaves_the_text(catalog: Catalog) -> None:
    row = finding(
        "letters",
        {"mention": True, "mentions": [("body", "name", 0, 3), ("body", "email", 10, 12)]},
        id=8,
        sender=2,
        reader=2,
        body="Ann and xx 12",
    )
    (intent,) = intents("erasure", catalog, row, include=("db/letters/8",))
    assert intent.action == "change"
    assert dict(intent.erase) == {"body": ("mention", {"spans": [(0, 3), (10, 12)]})}
    assert told(intent) == {"id": "excluded", "sender": "excluded", "reader": "excluded", "body": "erased"}


def test_seen_is_not_owned_even_where_somebody_ticked_it(catalog: Catalog) -> None:
    row = finding("letters", {"access_only": True}, id=8, sender=2, reader=1, body="hi")
    (intent,) = intents("erasure", catalog, row, include=("db/letters/8",))
    assert (intent.action, dict(intent.erase)) == ("keep", {})
    assert set(told(intent).values()) == {"excluded"}


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2024-01-31", "2024-02-29"),
        ("2023-01-31", "2023-02-28"),
        ("2023-12-31", "2024-01-31"),
        ("9999-12-01", "never"),
        ("31.01.2023", "2023-02-28"),
        (1675123200, "2023-02-28"),
    ],
)
def test_the_end_of_keeping(catalog: Catalog, start: Any, end: str) -> None:
    (intent,) = intents("erasure", catalog, finding("orders", id=3, person=1, note="x", until=start))
    assert intent.fields["id"].until == end
    assert intent.fields["id"].ground == "17(3)(b)"


def test_keeping_without_an_end_in_the_row_is_no_date(catalog: Catalog) -> None:
    for start in (None, "", "soon"):
        (intent,) = intents("erasure", catalog, finding("orders", id=3, person=1, note="x", until=start))
        assert intent.fields["id"].until == ""
        assert "until holds no date" in intent.fields["id"].reason

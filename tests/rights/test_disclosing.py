"""Access (Art. 15) and portability (Art. 20), by data: what is handed over, what is withheld, what a person looks at first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dsr_desk.model.catalog import Catalog
from tests.flow.world import ident, owned_by, seen_by, table, text
from tests.rights.cases import catalog_of, finding, intents, told


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return catalog_of(
        tmp_path,
        people=table("id email rep", subject=True, id=ident("no"), email=ident("email"), rep={"points_at": "people.id"}),
        deals=table(
            "id a b mail who note sum",
            a=owned_by("people.id"),
            b=owned_by("people.id"),
            mail=ident("email"),
            who={"category": "user.name"},
            note=text(),
            sum={"category": "user.financial"},
        ),
        letters=table("id sender reader body", sender=owned_by("people.id"), reader=seen_by("people.id"), body=text()),
    )


DEAL = {"id": 7, "a": 1, "b": 2, "mail": "ann@x.org", "who": "Ben Orr", "note": "secret", "sum": 5}


def test_her_own_row_is_disclosed_and_others_keys_are_not(catalog: Catalog) -> None:
    (intent,) = intents("access", catalog, finding("people", id=1, email="ann@x.org", rep=9))
    assert told(intent) == {"id": "disclosed", "email": "disclosed", "rep": "withheld"}
    assert intent.fields["rep"].ground == "15(4)"
    (intent,) = intents("access", catalog, finding("people", id=1, email="ann@x.org", rep=1))
    assert told(intent)["rep"] == "disclosed"


def test_a_shared_row_without_what_is_others(catalog: Catalog) -> None:
    (intent,) = intents("access", catalog, finding("deals", {"shared": True}, **DEAL))
    assert told(intent) == {
        "id": "disclosed",
        "a": "disclosed",
        "b": "withheld",
        "mail": "disclosed",
        "who": "withheld",
        "note": "manual",
        "sum": "disclosed",
    }


def test_others_addresses_in_a_shared_row_are_withheld_and_her_name_is_not(catalog: Catalog) -> None:
    (intent,) = intents("access", catalog, finding("deals", {"shared": True}, **{**DEAL, "mail": "ben@x.org", "who": "Lee, Ann"}))
    assert told(intent)["mail"] == "withheld"
    assert told(intent)["who"] == "disclosed"


def test_free_text_is_disclosed_once_somebody_has_read_it(catalog: Catalog) -> None:
    (intent,) = intents("access", catalog, finding("deals", {"shared": True}, **DEAL), include=("db/deals/7",))
    assert told(intent)["note"] == "disclosed"
    assert told(intent)["who"] == "withheld"


def test_what_she_may_see_is_part_of_access(catalog: Catalog) -> None:
    (intent,) = intents("access", catalog, finding("letters", {"access_only": True}, id=8, sender=2, reader=1, body="hi"))
    assert told(intent) == {"id": "disclosed", "sender": "withheld", "reader": "disclosed", "body": "manual"}


@pytest.mark.parametrize("marks", [{"review": ("name differs",)}, {"mention": True}])
@pytest.mark.parametrize("right", ["access", "portability"])
def test_what_may_be_somebody_elses_waits(catalog: Catalog, marks: dict[str, Any], right: str) -> None:
    (intent,) = intents(right, catalog, finding("deals", marks, **DEAL))
    assert set(told(intent).values()) == {"manual"}


def test_columns_nobody_described_wait(catalog: Catalog) -> None:
    (intent,) = intents("access", catalog, finding("people", id=1, email="ann@x.org", rep=None, shoe=38))
    assert told(intent)["shoe"] == "manual"


@pytest.mark.parametrize(
    ("source", "basis", "outcome"),
    [
        ("provided", "consent", "disclosed"),
        ("provided", "contract", "disclosed"),
        ("observed", "contract", "disclosed"),
        ("derived", "contract", "excluded"),
        ("third_party", "consent", "excluded"),
        ("provided", "legal_obligation", "excluded"),
        ("provided", "legitimate_interests", "excluded"),
        ("provided", None, "manual"),
        (None, "contract", "manual"),
    ],
)
def test_what_is_portable(tmp_path: Path, source: str | None, basis: str | None, outcome: str) -> None:
    email = ident("email", **({"source": source} if source else {}))
    catalog = catalog_of(tmp_path, basis=basis, people=table("id email", subject=True, email=email))
    (intent,) = intents("portability", catalog, finding("people", id=1, email="ann@x.org"))
    assert told(intent)["email"] == outcome
    assert told(intent)["id"] == "not personal"


def test_what_is_not_personal_goes_along_only_with_what_is_portable(tmp_path: Path) -> None:
    """An order's date says what the order is; a row number of a score that was worked out says nothing that she gave."""
    catalog = catalog_of(
        tmp_path,
        basis="contract",
        people=table("id email", subject=True, source="provided", email=ident("email")),
        scores=table("id person score", source="derived", person=owned_by("people.id"), score=text()),
    )
    own, score = intents(
        "portability", catalog, finding("people", id=1, email="ann@x.org"), finding("scores", id=2, person=1, score=9)
    )
    assert (own.fields["id"].name, own.fields["id"].ground) == ("not personal", "")
    assert (score.fields["id"].name, score.fields["id"].ground) == ("not personal", "20(1)")
    assert told(score)["score"] == "excluded"


@pytest.mark.parametrize(("source", "basis"), [(None, "contract"), ("provided", None), (None, None)])
def test_what_the_catalog_leaves_open_a_person_decides(tmp_path: Path, source: str | None, basis: str | None) -> None:
    email = ident("email", **({"source": source} if source else {}))
    catalog = catalog_of(tmp_path, basis=basis, people=table("id email", subject=True, email=email))
    row = finding("people", id=1, email="ann@x.org")
    (open_,) = intents("portability", catalog, row)
    assert told(open_)["email"] == "manual"
    assert "Art. 20" in open_.fields["email"].reason
    (in_,) = intents("portability", catalog, row, include=("db/people/1",))
    assert told(in_)["email"] == "disclosed"
    (out,) = intents("portability", catalog, row, exclude=("db/people/1",))
    assert told(out)["email"] == "excluded"


def test_nobody_can_include_what_she_did_not_give(tmp_path: Path) -> None:
    catalog = catalog_of(tmp_path, basis="contract", people=table("id email", subject=True, email=ident("email", source="derived")))
    (intent,) = intents("portability", catalog, finding("people", id=1, email="ann@x.org"), include=("db/people/1",))
    assert told(intent)["email"] == "excluded"


def test_a_field_is_personal_only_where_its_condition_holds(tmp_path: Path) -> None:
    value = {"category": {"is": "user.contact.phone_number", "when": {"kind": "4"}}}
    people = table("id email kind value", subject=True, source="provided", email=ident("email"), value=value)
    catalog = catalog_of(tmp_path, basis="contract", people=people)
    rows = (finding("people", id=1, email="ann@x.org", kind=k, value="x") for k in (4, 5))
    assert [told(i)["value"] for i in intents("portability", catalog, *rows)] == ["disclosed", "not personal"]


def test_a_field_overrides_its_collection_and_that_its_system(tmp_path: Path) -> None:
    catalog = catalog_of(
        tmp_path,
        basis="contract",
        people=table(
            "id email score note",
            subject=True,
            source="provided",
            email=ident("email"),
            score=text(source="derived"),
            note=text(legal_basis="legal_obligation"),
        ),
    )
    (intent,) = intents("portability", catalog, finding("people", id=1, email="ann@x.org", score=3, note="x"))
    assert told(intent) == {"id": "not personal", "email": "disclosed", "score": "excluded", "note": "excluded"}


def test_no_right_that_discloses_writes(catalog: Catalog) -> None:
    for right in ("access", "portability"):
        for intent in intents(right, catalog, finding("deals", **DEAL), finding("people", id=1, email="ann@x.org", rep=None)):
            assert intent.action in ("keep", "manual")
            assert not intent.erase

"""The rights that put told values in place, by data: Art. 16, 18, 21, and what a person looks at under Art. 22."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dsr_desk.model.catalog import Catalog
from dsr_desk.model.finding import RowRef
from dsr_desk.model.former import Former
from dsr_desk.model.plan import Intent
from dsr_desk.model.request import Correction
from tests.flow.world import ident, owned_by, seen_by, table, text
from tests.rights.cases import catalog_of, finding, intents, told

PEOPLE = {"id": 1, "email": "ann@x.org", "name": "Ann", "held": 0}
NAMED = {"id": 2, "mentions": [("what", "name", 0, 3)]}


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return catalog_of(
        tmp_path,
        basis="contract",
        people=table(
            "id email name held",
            subject=True,
            email=ident("email", category="user.contact.email"),
            name=ident("name", category="user.name.first"),
            on_restrict={"set": {"held": True}},
            on_object={"set": {"held": "no ads"}},
        ),
        ads=table(
            "id person what", person=owned_by("people.id"), what=text(), legal_basis="legitimate_interests", on_object="delete"
        ),
        scores=table(
            "id person what",
            person=owned_by("people.id"),
            what=text(),
            legal_basis="public_task",
            automated={"logic": "Late payments count.", "effect": "No invoice"},
        ),
        files=table("id person what", person=owned_by("people.id"), what=text(), on_restrict={"move": "aside"}),
        aside=table("id person what", person=owned_by("people.id"), what=text()),
        marks=table(
            "id person state", person=owned_by("people.id"), on_restrict={"set": {"state": "held"}, "lift": {"state": "open"}}
        ),
        letters=table("id reader what", reader=seen_by("people.id"), what=text(mentions=True)),
    )


def one(right: str, catalog: Catalog, collection: str, *said: dict[str, Any], **more: Any) -> Intent:
    """The intent for one row: its marks, if it has any, and its values."""
    *marks, values = said
    return intents(right, catalog, finding(collection, *marks, **values), **more)[0]


def row(collection: str, key: int = 1) -> RowRef:
    return RowRef("db", collection, (str(key),))


# -- rectification ---------------------------------------------------------------------------------------------------------


def test_a_correction_changes_its_field_and_nothing_else(catalog: Catalog) -> None:
    made = one("rectification", catalog, "people", PEOPLE, corrections=[Correction("user.contact.email", "new@x.org")])
    assert (made.action, dict(made.values)) == ("change", {"email": "new@x.org"})
    assert told(made) == {"id": "excluded", "email": "changed", "name": "excluded", "held": "excluded"}
    assert (made.fields["email"].strategy, made.fields["name"].reason) == ("given", "Not to be corrected")


@pytest.mark.parametrize("where", ["user.name", "user.name.first", "db/people/name"])
def test_a_category_covers_its_sub_keys(catalog: Catalog, where: str) -> None:
    assert dict(one("rectification", catalog, "people", PEOPLE, corrections=[Correction(where, "Anna")]).values) == {"name": "Anna"}


@pytest.mark.parametrize("where", ["user.name.last", "user.na", "db/people/nam", "x/people/name", "name"])
def test_what_names_another_place_changes_nothing(catalog: Catalog, where: str) -> None:
    made = one("rectification", catalog, "people", PEOPLE, corrections=[Correction(where, "Anna")])
    assert (made.action, set(told(made).values())) == ("keep", {"excluded"})


def test_a_correction_of_one_row_is_about_no_other(catalog: Catalog) -> None:
    said = [Correction("user.name", "Anna", row("people", 9))]
    assert one("rectification", catalog, "people", PEOPLE, corrections=said).action == "keep"


def test_a_value_that_is_there_already_is_no_change(catalog: Catalog) -> None:
    made = one("rectification", catalog, "people", PEOPLE, corrections=[Correction("user.contact.email", "ann@x.org")])
    assert (made.action, dict(made.values), set(told(made).values())) == ("keep", {}, {"excluded"})
    assert made.fields["email"].reason == "It holds this value already"


@pytest.mark.parametrize("mark", [{"shared": True}, {"review": ("name differs",)}])
def test_a_doubtful_row_is_left_to_a_person_where_a_correction_is_about_it(catalog: Catalog, mark: dict[str, Any]) -> None:
    about = one("rectification", catalog, "people", mark, PEOPLE, corrections=[Correction("user.contact.email", "n@x.org")])
    other = one("rectification", catalog, "people", mark, PEOPLE, corrections=[Correction("user.contact.phone_number", "1")])
    assert (about.action, other.action, other.reason) == ("manual", "keep", "Not to be corrected")


def test_a_row_that_is_only_seen_is_never_corrected(catalog: Catalog) -> None:
    said = [Correction("user.content", "x")]
    made = one("rectification", catalog, "letters", {"access_only": True}, {"id": 2, "reader": 1, "what": "y"}, corrections=said)
    assert (made.action, set(told(made).values())) == ("keep", {"excluded"})


# -- restriction -----------------------------------------------------------------------------------------------------------


def test_a_restricted_row_is_marked_and_the_rest_only_stored(catalog: Catalog) -> None:
    made = one("restriction", catalog, "people", PEOPLE, ground="18(1)(c)")
    assert (made.action, dict(made.values)) == ("change", {"held": True})
    assert told(made) == {"id": "retained", "email": "retained", "name": "retained", "held": "changed"}
    assert (made.fields["held"].strategy, made.fields["email"].ground) == ("flag", "18(1)(c)")


@pytest.mark.parametrize("held", [1, True, "1", "true", "TRUE"])
def test_a_mark_that_is_there_already_is_not_written_and_still_counts(catalog: Catalog, held: Any) -> None:
    made = one("restriction", catalog, "people", {**PEOPLE, "held": held})
    assert (made.action, dict(made.values), made.fields["held"].name) == ("keep", {}, "retained")


def test_a_row_is_set_aside_with_every_field(catalog: Catalog) -> None:
    made = one("restriction", catalog, "files", {"id": 4, "person": 1, "what": "x"})
    assert (made.action, made.to, {(o.name, o.strategy) for o in made.fields.values()}) == ("move", "aside", {("changed", "moved")})


def test_what_lies_aside_is_restricted_already(catalog: Catalog) -> None:
    made = one("restriction", catalog, "aside", {"id": 4, "person": 1, "what": "x"})
    assert (made.action, made.to, made.fields["what"].strategy) == ("keep", "", "moved")


def test_where_the_catalog_says_nothing_a_person_restricts(catalog: Catalog) -> None:
    made = one("restriction", catalog, "ads", {"id": 4, "person": 1, "what": "x"})
    assert (made.action, made.fields["what"].strategy) == ("manual", "by hand")


# -- lifting ---------------------------------------------------------------------------------------------------------------


def test_what_stood_there_is_put_back(catalog: Catalog) -> None:
    former = Former(row("people"), row("people"), "flag", before={"held": None}, told={"held": True})
    made = one("lifting", catalog, "people", {**PEOPLE, "held": 1}, former={former.row: former})
    assert (made.action, dict(made.values), made.fields["held"].strategy) == ("change", {"held": None}, "former")
    assert told(made)["email"] == "excluded"


def test_what_the_catalog_says_of_the_end_counts_more(catalog: Catalog) -> None:
    former = Former(row("marks"), row("marks"), "flag", before={"state": "new"}, told={"state": "held"})
    made = one("lifting", catalog, "marks", {"id": 1, "person": 1, "state": "held"}, former={former.row: former})
    assert dict(made.values) == {"state": "open"}


def test_a_row_that_was_set_aside_goes_back(catalog: Catalog) -> None:
    former = Former(row("files"), row("aside"), "moved", origin="files")
    made = one("lifting", catalog, "aside", {"id": 1, "person": 1, "what": "x"}, former={former.row: former})
    assert (made.action, made.to) == ("move", "files")


def test_a_row_that_was_aside_before_stays_there(catalog: Catalog) -> None:
    former = Former(row("aside"), row("aside"), "moved")
    made = one("lifting", catalog, "aside", {"id": 1, "person": 1, "what": "x"}, former={former.row: former})
    assert (made.action, "in the system itself" in made.reason) == ("keep", True)


def test_a_row_that_another_request_restricts_stays_restricted(catalog: Catalog) -> None:
    former = Former(row("people"), row("people"), "flag", before={"held": 0}, told={"held": True})
    also = {former.row: "DSR-2026-0007"}
    made = one("lifting", catalog, "people", {**PEOPLE, "held": 1}, former={former.row: former}, also=also)
    assert (made.action, made.reason) == ("keep", "Still restricted by DSR-2026-0007")


def test_other_rows_are_not_lifted(catalog: Catalog) -> None:
    assert set(told(one("lifting", catalog, "people", {**PEOPLE, "held": 1})).values()) == {"excluded"}


# -- objection -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ground", "collection", "action"),
    [
        ("21(1)", "ads", "delete"),
        ("21(2)", "ads", "delete"),
        ("21(1)", "people", "keep"),  # a contract: Art. 21(1) doesn't reach it
        ("21(2)", "people", "change"),  # marketing stops whatever it rests on
        ("", "people", "change"),
        ("21(1)", "scores", "manual"),
        ("21(2)", "scores", "manual"),
        ("21(1)", "files", "keep"),
        ("21(2)", "files", "keep"),
    ],
)
def test_an_objection_by_ground_and_basis(catalog: Catalog, ground: str, collection: str, action: str) -> None:
    values = PEOPLE if collection == "people" else {"id": 3, "person": 1, "what": "x"}
    made = one("objection", catalog, collection, values, ground=ground)
    assert made.action == action
    if action == "change":
        assert (dict(made.values), made.fields["held"].strategy) == ({"held": "no ads"}, "flag")
    if action == "keep":
        assert made.fields["id"].reason == "It rests on contract, which Art. 21 does not reach"


def test_without_a_legal_basis_a_person_decides(tmp_path: Path) -> None:
    catalog = catalog_of(tmp_path, people=table("id email", subject=True, email=ident("email")))
    made = one("objection", catalog, "people", {"id": 1, "email": "ann@x.org"})
    assert (made.action, "legal basis" in made.fields["id"].reason) == ("manual", True)


# -- automated decisions ---------------------------------------------------------------------------------------------------


def test_a_decision_comes_with_its_logic_and_effect(catalog: Catalog) -> None:
    made = one("automated-decisions", catalog, "scores", {"id": 3, "person": 1, "what": "x"})
    assert (made.action, made.fields["what"].strategy) == ("manual", "review")
    assert made.reason == "Logic: Late payments count. Effect: No invoice."
    assert one("automated-decisions", catalog, "people", PEOPLE).action == "keep"


@pytest.mark.parametrize("right", ["rectification", "restriction", "objection"])
def test_somebody_elses_record_that_names_the_person_is_not_touched_even_if_included(catalog: Catalog, right: str) -> None:
    marks = {"mention": True, "mentions": [("what", "name", 0, 3)]}
    said = [Correction("user.content", "new")]
    made = one(right, catalog, "files", marks, {"id": 2, "person": 2, "what": "Ann"}, include=("db/files/2",), corrections=said)
    assert (made.action, set(told(made).values())) == ("keep", {"excluded"})

"""Whose rows are: roles, parents, pairs of type and id, what values bear out and what they deny."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from dsr_desk.model.guess import Draft, Guess
from tests.catalog.discovery.measure import drafted
from tests.catalog.discovery.test_drafts import checked

PEOPLE = [(n, f"p{n}@example.org", "Ann", "Lee") for n in range(1, 31)]
Tables = dict[str, tuple[str, Sequence[tuple[Any, ...]]]]
CUSTOMERS: Tables = {"customers": ("id INTEGER PRIMARY KEY, email TEXT, first_name TEXT, last_name TEXT", PEOPLE)}
USERS: Tables = {"users": ("id INTEGER PRIMARY KEY, email TEXT, first_name TEXT, last_name TEXT", PEOPLE)}
STAFF: Tables = {"employees": ("id INTEGER PRIMARY KEY, email TEXT, first_name TEXT, last_name TEXT", PEOPLE)}


def made(folder: Path, tables: Tables) -> Draft:
    with closing(sqlite3.connect(folder / "x.db")) as conn:
        for name, (columns, rows) in tables.items():
            conn.execute(f'CREATE TABLE "{name}" ({columns})')
            for row in rows:
                conn.execute(f'INSERT INTO "{name}" VALUES ({", ".join("?" * len(row))})', row)
        conn.commit()
    draft = drafted(folder / "x.db")
    assert [str(p) for p in checked(folder, draft.text).errors] == []
    return draft


def about(draft: Draft, collection: str, field: str = "") -> list[Guess]:
    return [g for g in draft.guesses if (g.collection, g.field) == (collection, field) and g.topic in ("owner", "reference")]


def says(draft: Draft, collection: str, field: str) -> str:
    return " ".join(g.says for g in about(draft, collection, field))


NAMES = {
    "owned_by": "customer_id customerId CustomerID cust_no custid fk_customer id_customer kunden_nr client_id klant_id id_cliente "
    "klient_id billing_customer_id owner_id author_id sender_id posted_by",
    "points_at": "created_by approved_by updated_by_customer_id erstellt_von modifie_par",
    "accessed_by": "recipient_id shared_with_customer_id destinatario_id",
}


@pytest.mark.parametrize(("column", "wanted"), [(name, kind) for kind, names in NAMES.items() for name in names.split()])
def test_the_name_of_a_reference_says_whose_the_row_is(tmp_path: Path, column: str, wanted: str) -> None:
    rows = [(n, n % 30 + 1, "x") for n in range(1, 41)]
    draft = made(tmp_path, {**CUSTOMERS, "things": (f"id INTEGER PRIMARY KEY, {column} INTEGER, label TEXT", rows)})
    assert says(draft, "things", column) == f"{wanted}: customers.id"
    (guess,) = about(draft, "things", column)
    assert not guess.declared
    assert guess.otherwise
    assert any("sampled values stand in customers" in e for e in guess.evidence)


@pytest.mark.parametrize(
    "column", ["amount", "position", "status", "count", "year", "quantity", "customer_count", "version", "label_id"]
)
def test_small_numbers_alone_are_no_reference(tmp_path: Path, column: str) -> None:
    rows = [(n, n % 30 + 1) for n in range(1, 41)]
    draft = made(tmp_path, {**CUSTOMERS, "things": (f"id INTEGER PRIMARY KEY, {column} INTEGER", rows)})
    assert about(draft, "things", column) == []


def test_values_that_nobody_has_deny_a_name(tmp_path: Path) -> None:
    rows = [(n, n + 5000) for n in range(1, 41)]
    draft = made(tmp_path, {**CUSTOMERS, "things": ("id INTEGER PRIMARY KEY, customer_id INTEGER", rows)})
    assert about(draft, "things", "customer_id") == []


def test_nobody_is_no_value_that_is_missing(tmp_path: Path) -> None:
    rows = [(n, n % 2 * 7) for n in range(1, 41)]
    draft = made(tmp_path, {**CUSTOMERS, "things": ("id INTEGER PRIMARY KEY, customer_id INTEGER", rows)})
    (guess,) = about(draft, "things", "customer_id")
    assert "1 of 1 sampled values stand in customers" in guess.evidence
    assert "20 sampled records hold 0 or the like, which is nobody" in guess.evidence


def test_who_served_a_customer_does_not_own_the_order_and_alone_owns_their_own(tmp_path: Path) -> None:
    rows = [(n, n % 30 + 1, n % 7 + 1) for n in range(1, 41)]
    draft = made(
        tmp_path,
        {
            **CUSTOMERS,
            **STAFF,
            "orders": ("id INTEGER PRIMARY KEY, customer_id INTEGER, employee_id INTEGER", rows),
            "absences": ("id INTEGER PRIMARY KEY, employee_id INTEGER, days INTEGER", rows),
        },
    )
    assert says(draft, "orders", "customer_id") == "owned_by: customers.id"
    assert says(draft, "orders", "employee_id") == "points_at: employees.id"
    assert says(draft, "absences", "employee_id") == "owned_by: employees.id"


def test_a_reply_belongs_to_its_author_and_not_to_whose_post_it_answers(tmp_path: Path) -> None:
    posts = [(n, n % 30 + 1) for n in range(1, 31)]
    replies = [(n, n % 30 + 1, (n * 7) % 30 + 1) for n in range(1, 41)]
    edits = [(n, n % 30 + 1, posts[n % 30][1]) for n in range(1, 41)]
    draft = made(
        tmp_path,
        {
            **USERS,
            "posts": ("id INTEGER PRIMARY KEY, user_id INTEGER", posts),
            "replies": ("id INTEGER PRIMARY KEY, post_id INTEGER, user_id INTEGER", replies),
            "edits": ("id INTEGER PRIMARY KEY, post_id INTEGER, user_id INTEGER", edits),
            "likes_of_posts": ("id INTEGER PRIMARY KEY, post_id INTEGER", [(n, n) for n in range(1, 31)]),
        },
    )
    assert says(draft, "replies", "post_id") == "points_at: posts.id"
    assert says(draft, "edits", "post_id") == "owned_by: posts.id"
    assert any("both ways lead to the same person" in e for g in about(draft, "edits", "post_id") for e in g.evidence)
    assert says(draft, "likes_of_posts", "post_id") == "owned_by: posts.id"


def test_a_pair_of_type_and_id_leads_to_several_collections(tmp_path: Path) -> None:
    rows = [(n, ("App\\Models\\Post", "photo", "Nonsense")[n % 3], n % 30 + 1, "words") for n in range(1, 61)]
    draft = made(
        tmp_path,
        {
            **USERS,
            "posts": ("id INTEGER PRIMARY KEY, user_id INTEGER", [(n, n) for n in range(1, 31)]),
            "photos": ("id INTEGER PRIMARY KEY, user_id INTEGER", [(n, n) for n in range(1, 31)]),
            "remarks": ("id INTEGER PRIMARY KEY, subject_type TEXT, subject_id INTEGER, body TEXT", rows),
        },
    )
    said = says(draft, "remarks", "subject_id")
    assert said.startswith("owned_by: [")
    assert '{to: posts.id, when: {subject_type: "App\\\\Models\\\\Post"}}' in said
    assert "{to: photos.id, when: {subject_type: photo}}" in said
    assert "Nonsense" not in repr(draft)


def test_rows_of_one_collection_that_point_at_each_other(tmp_path: Path) -> None:
    people = [(n, f"p{n}@example.org", "Ann", "Lee", n // 2 or None) for n in range(1, 31)]
    draft = made(
        tmp_path,
        {"employees": ("id INTEGER PRIMARY KEY, email TEXT, first_name TEXT, last_name TEXT, manager_id INTEGER", people)},
    )
    assert says(draft, "employees", "manager_id") == "points_at: employees.id"


def test_an_address_is_that_of_whoever_points_at_it_and_a_country_is_nobodys(tmp_path: Path) -> None:
    people = [(*p, n, n % 3 + 1) for n, p in enumerate(PEOPLE, start=1)]
    streets = [(n, f"{n} Main Street", "Berlin") for n in range(1, 31)]
    columns = "id INTEGER PRIMARY KEY, email TEXT, first_name TEXT, last_name TEXT, address_id INTEGER, country_id INTEGER"
    draft = made(
        tmp_path,
        {
            "customers": (columns, people),
            "addresses": ("id INTEGER PRIMARY KEY, street TEXT, city TEXT", streets),
            "countries": ("id INTEGER PRIMARY KEY, name TEXT", [(n, "x") for n in range(1, 4)]),
        },
    )
    assert says(draft, "customers", "address_id") == "owns: addresses.id"
    assert about(draft, "customers", "country_id") == []
    assert [g.says for g in draft.guesses if g.collection == "countries"] == ["key: [id]"]


def test_declared_keys_over_several_columns_and_the_rest_of_the_way(tmp_path: Path) -> None:
    draft = made(
        tmp_path,
        {
            **CUSTOMERS,
            "carts": ("a INTEGER, b INTEGER, customer_id INTEGER NOT NULL REFERENCES customers, PRIMARY KEY (a, b)", [(1, 1, 1)]),
            "lines": (
                "id INTEGER PRIMARY KEY, cart_a INTEGER, cart_b INTEGER, FOREIGN KEY (cart_a, cart_b) REFERENCES carts (a, b)",
                [],
            ),
        },
    )
    assert says(draft, "carts", "customer_id") == "owned_by: customers.id"
    assert says(draft, "lines", "") == "references: [{fields: [cart_a, cart_b], owned_by: carts, to: [a, b]}]"


def test_a_profile_is_its_users_and_two_kinds_of_people_are_two(tmp_path: Path) -> None:
    profiles = [(n, "1970-01-01", "+4930123456") for n in range(1, 31)]
    patients = [(1, "z@example.org", "Z", "1970-01-01")]
    draft = made(
        tmp_path,
        {
            **USERS,
            "user_profiles": ("user_id INTEGER PRIMARY KEY, birthday DATE, phone TEXT", profiles),
            "patients": ("id INTEGER PRIMARY KEY, email TEXT, surname TEXT, birthday DATE", patients),
        },
    )
    assert {g.collection for g in draft.guesses if g.topic == "person"} == {"users", "patients"}
    assert says(draft, "user_profiles", "user_id") == "owned_by: users.id"


def test_views_show_rows_of_others_and_are_named(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "x.db")) as conn:
        conn.execute("CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT)")
        conn.execute("CREATE VIEW mails AS SELECT email FROM users")
        conn.commit()
    draft = drafted(tmp_path / "x.db")
    assert list(draft.columns) == ["users"]
    assert draft.unread == (("mails", "It is a view: it shows rows of other collections."),)


def test_the_persons_of_a_system_without_a_telling_name(tmp_path: Path) -> None:
    rows = [(n, n % 30 + 1) for n in range(1, 41)]
    draft = made(
        tmp_path,
        {
            "t_stamm": ("nr INTEGER PRIMARY KEY, email TEXT, vorname TEXT, nachname TEXT", PEOPLE),
            "t_bewegung": ("nr INTEGER PRIMARY KEY, stamm_nr INTEGER", rows),
        },
    )
    assert [g.collection for g in draft.guesses if g.topic == "person"] == ["t_stamm"]
    assert says(draft, "t_bewegung", "stamm_nr") == "owned_by: t_stamm.nr"

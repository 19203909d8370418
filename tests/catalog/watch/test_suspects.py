"""New columns, and those that nobody described, that look personal: by name, by value, and never with one."""

from __future__ import annotations

import pytest

from tests.catalog.watch.conftest import Watched
from tests.flow.world import ident, table

IBANS = ["DE89370400440532013000", "GB29NWBK60161331926819", "FR1420041010050500013M02606"]


def shop(watched: Watched) -> None:
    rows = [(n, f"p{n}@x.org") for n in range(1, 21)]
    watched.world.sql("shop", customers=table("id email", *rows, subject=True, email=ident("email")))


@pytest.mark.parametrize(
    ("column", "value", "category"),
    [
        ("contact_mail", "'c' || id || '@example.org'", "user.contact.email"),
        ("x1", "'c' || id || '@example.org'", "user.contact.email"),
        ("geburtsdatum", "'19' || (60 + id) || '-01-02'", "user.demographic.date_of_birth"),
        (
            "ref7",
            f"CASE id % 3 WHEN 0 THEN '{IBANS[0]}' WHEN 1 THEN '{IBANS[1]}' ELSE '{IBANS[2]}' END",
            "user.financial.bank_account",
        ),
    ],
)
def test_a_new_column_that_looks_personal(watched: Watched, column: str, value: str, category: str) -> None:
    shop(watched)
    watched.accept()
    watched.world.do("shop", f"ALTER TABLE customers ADD COLUMN {column} TEXT")
    watched.world.do("shop", f"UPDATE customers SET {column} = {value}")
    problem = watched.one("personal_column_added")
    assert problem.severity == "warning"
    assert problem.message.startswith(f"customers has a new column {column}, since version 1 of 20")
    assert f"It looks like {category}: " in problem.message
    assert "example.org" not in str(problem) and not any(i in str(problem) for i in IBANS)


def test_a_new_column_that_says_nothing(watched: Watched) -> None:
    shop(watched)
    watched.accept()
    watched.world.do("shop", "ALTER TABLE customers ADD COLUMN stock_level INTEGER")
    watched.world.do("shop", "UPDATE customers SET stock_level = id * 3")
    assert watched.one("column_added").severity == "warning"
    assert not watched.said("personal_column_added", "column_looks_personal")


def test_an_old_column_that_nobody_described_and_that_looks_personal(watched: Watched) -> None:
    shop(watched)
    watched.world.do("shop", "ALTER TABLE customers ADD COLUMN x1 TEXT")
    watched.accept()
    assert not watched.said("column_looks_personal")
    watched.world.do("shop", "UPDATE customers SET x1 = email")
    problem = watched.one("column_looks_personal")
    assert problem.message.startswith(
        "The catalog does not know the column x1 of customers. It looks like user.contact.email: 20 of 20"
    )


def test_a_special_category_is_called_one(watched: Watched) -> None:
    shop(watched)
    watched.accept()
    watched.world.do("shop", "ALTER TABLE customers ADD COLUMN religion TEXT")
    assert "a special category (Art. 9 GDPR)" in watched.one("personal_column_added").message

"""The statements for databases that no test can speak to, as their own dialects write them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import false, select

from dsr_desk.drivers._sql.address import dialect
from dsr_desk.drivers._sql.live import Table
from dsr_desk.drivers._sql.narrow import condition
from dsr_desk.drivers._sql.other import Other
from dsr_desk.drivers._sql.reading import conditions
from dsr_desk.drivers.sql import SqlDriver
from dsr_desk.errors import RefusedError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import System
from dsr_desk.model.finding import Lookup, RowRef
from dsr_desk.model.match import Question
from dsr_desk.model.plan import Step
from dsr_desk.model.schema import Column
from tests.drivers.contract import people
from tests.drivers.sql_shapes import of, rehearsed

URLS = {
    "mssql": "mssql://ann@host/shop",
    "oracle": "oracle://ann@host/?service_name=shop",
    "trino": "trino://ann@host:8080/lake/shop",
}
KINDS = {"id": "INTEGER", "email": "VARCHAR(200)", "Odd Name": "VARCHAR(9)", "note": "CLOB"}


def spoken(kind: str, folder: Path) -> Other:
    made = dialect(System("place", "sql", url=URLS[kind], collections={"people": people()}), folder, lambda: None)
    assert isinstance(made, Other) and type(made) is not Other and not made.tried and not made.rehearses
    return made


def table(kind: str) -> Table:
    columns = {n: Column(n, "integer" if n == "id" else "text", native) for n, native in KINDS.items()}
    return Table("people", None, "people", columns, KINDS, folded=kind == "oracle")


def said(made: Other, statement: Any) -> str:
    compiled = statement.compile(dialect=made.url.get_dialect()(), compile_kwargs={"render_postcompile": True})
    return " ".join(str(compiled).split())


def asked(made: Other, kind: str, lookup: Lookup) -> str:
    where = condition(made, table(kind), Question(lookup, "DE"), frozenset(), "DE")
    return said(made, select(table(kind).at("id")).where(where if where is not None else false()))


@pytest.mark.parametrize(
    ("kind", "names"),
    [("mssql", "[people].[Odd Name]"), ("oracle", 'people."Odd Name"'), ("trino", '"people"."Odd Name"')],
)
def test_names_are_quoted_as_the_database_does(kind: str, names: str, tmp_path: Path) -> None:
    made = spoken(kind, tmp_path)
    assert names in said(made, select(*table(kind).clause.c))


def test_rows_are_locked(tmp_path: Path) -> None:
    for kind, words in (("mssql", "FROM [people] WITH (UPDLOCK, HOLDLOCK, ROWLOCK)"), ("oracle", "FOR UPDATE")):
        made = spoken(kind, tmp_path)
        assert words in said(made, made.lock(select(*table(kind).clause.c)))
    made = spoken("trino", tmp_path)
    assert "UPDATE" not in said(made, made.lock(select(*table("trino").clause.c)))


@pytest.mark.parametrize("kind", URLS)
def test_patterns_mean_themselves(kind: str, tmp_path: Path) -> None:
    made = spoken(kind, tmp_path)
    text = asked(made, kind, Lookup("people", ("email",), (("100%_[a]@x.org",),), "email"))
    assert "LIKE" in text and "ESCAPE '\\'" in text and "100" not in text
    clause = made.like(table(kind).at("email"), "%100\\%\\_[a]%").compile(dialect=made.url.get_dialect()())
    escaped = "%100\\%\\_\\[a]%" if kind == "mssql" else "%100\\%\\_[a]%"
    assert list(clause.params.values()) == [escaped]


def test_long_lists_keep_to_the_limits(tmp_path: Path) -> None:
    lookup = Lookup("people", ("id",), tuple((n,) for n in range(2_500)))
    oracle = asked(spoken("oracle", tmp_path), "oracle", lookup)
    assert oracle.count(" IN (") == 3 and max(part.count(":") for part in oracle.split(" IN (")) == 1_000
    assert " IN (" not in asked(spoken("mssql", tmp_path), "mssql", lookup)
    for kind, most in (("mssql", 500), ("oracle", 1_000)):
        made = spoken(kind, tmp_path)
        statements = [
            said(made, select(table(kind).at("id")).where(w))
            for w in conditions(made, table(kind), ("id",), [(n,) for n in range(2_500)])
        ]
        assert max(s.count(":") for s in statements) == most and sum(s.count(":") for s in statements) == 2_500


def test_keys_of_several_columns(tmp_path: Path) -> None:
    keys = [(1, "a"), (2, "b"), (3, None)]
    for kind in URLS:
        made = spoken(kind, tmp_path)
        text = said(made, select(table(kind).at("id")).where(made.with_keys(table(kind), ("id", "email"), keys)))
        assert "IS NULL" in text and text.count(":") == 5
        assert (") IN ((" in text) is (kind != "mssql")


def test_what_an_oracle_column_can_not_be_asked(tmp_path: Path) -> None:
    made = spoken("oracle", tmp_path)
    assert " IN (" not in asked(made, "oracle", Lookup("people", ("note",), (("x",),)))
    assert made.stored(Column("email", "text"), "") is None and made.stored(Column("email", "text"), "x") == "x"


@pytest.mark.parametrize("kind", URLS)
def test_numbers_are_searched_as_text(kind: str, tmp_path: Path) -> None:
    text = asked(spoken(kind, tmp_path), kind, Lookup("people", ("id",), (("+49301234567",),), "phone"))
    wanted = {"mssql": "CAST([people].[id] AS NVARCHAR(max))", "oracle": "CAST(people.id AS VARCHAR2(40 CHAR))"}
    assert wanted.get(kind, 'CAST("people"."id" AS VARCHAR)') in text


def test_through_trino_nothing_is_written(tmp_path: Path) -> None:
    system = System("place", "sql", url=URLS["trino"], collections={"people": people()})
    todo = of(Step(RowRef("place", "people", ("1",)), {"id": 1}, "delete", {}, "", {"id": 1}, {}))
    (refusal,) = rehearsed(SqlDriver(system, tmp_path), todo)
    assert refusal.collection == "people" and "Trino" in refusal.why and refusal.cure
    with pytest.raises(RefusedError, match="never writes"):
        SqlDriver(system, tmp_path).apply(todo, lambda: None)  # type: ignore[arg-type]  # it comes to no run
    assert SqlDriver(system, tmp_path).rehearse(of(), Cancel()) == []
    assert "never written" in SqlDriver(system, tmp_path).guarantee

"""Values are data: how they are compared, and what they never do."""

from __future__ import annotations

import pytest

from dsr_desk.errors import UsageError
from tests.flow.world import World, ident, own, table


def held(world: World, kind: str, value: object, region: str | None = None) -> None:
    """One person whose identifier is written so, in a database, a CSV and a workbook."""
    says = {"region": region} if region else {}
    world.sql("db", says, people=table("id it", ("d", value), ("e", None), ("f", ""), it=ident(kind)))
    world.csv("csv", table("id it", ("c", value), ("n", ""), it=ident(kind)), **says)
    world.xlsx("book", says, people=table("id it", ("x", value), ("y", None), it=ident(kind)))


EVERYWHERE = {"db/people/d", "csv/csv/c", "book/people/x"}


@pytest.mark.parametrize(
    ("kind", "written", "typed"),
    [
        ("email", "René@Example.ORG", "email=rene\u0301@example.org"),
        ("email", "RENE\u0301@EXAMPLE.ORG", "email=rené@example.org"),
        ("email", "É@x.org", "email=é@x.org"),
        ("email", '"Lee, Ann" <ann@x.org>', "email=ann@x.org"),
        ("email", "other@x.org; ANN@x.org", "email=ann@x.org"),
        ("email", "other@x.org, ann@x.org", "email= ann@x.org "),
        ("email", " ann@x.org ", "email=ann@x.org"),
        ("iban", "de89 3704 0044 0532 0130 00", "iban=DE89370400440532013000"),
        ("national_id", "12-34.56", "national_id=123456"),
        ("username", "Ann_L", "username=Ann_L"),
        ("customer_id", "100%", "customer_id=100%"),
        ("customer_id", "a_b", "customer_id=a_b"),
        ("customer_id", "x' OR '1'='1", "customer_id=x' OR '1'='1"),
    ],
)
def test_found_however_it_is_written(world: World, kind: str, written: str, typed: str) -> None:
    held(world, kind, written)
    assert own(world.search(typed)) == EVERYWHERE


@pytest.mark.parametrize("written", ["030/123456", "+49 30 123456", "0049 30 123456", "(030) 123-456"])
@pytest.mark.parametrize("typed", ["+49 30 123456", "0049 30 12 34 56", "030 123456"])
@pytest.mark.parametrize("kind", ["sql", "csv", "xlsx"])
def test_a_phone_by_the_systems_region(world: World, kind: str, written: str, typed: str) -> None:
    """One system at a time: between systems a phone alone proves nothing."""
    rows = table("id it", ("a", written), ("b", None), it=ident("phone"))
    if kind == "csv":
        world.csv("lines", rows, region="DE")
    else:
        (world.sql if kind == "sql" else world.xlsx)("lines", {"region": "DE"}, lines=rows)
    assert own(world.search(f"phone={typed}")) == {"lines/lines/a"}


@pytest.mark.parametrize(
    ("kind", "written", "typed"),
    [
        ("email", "e@x.org", "email=é@x.org"),
        ("email", "ann@x.org", "email=_nn@x.org"),
        ("email", "ann@x.org", "email=%@x.org"),
        ("email", "ann@x.org", "email=an@x.org"),
        ("email", "joann@x.org", "email=ann@x.org"),
        ("email", "ann@x.org.uk", "email=ann@x.org"),
        ("email", "\u0430nn@x.org", "email=ann@x.org"),
        ("username", "Ann", "username=ann"),
        ("username", "Ann ", "username=Ann"),
        ("customer_id", "7", "customer_id=007"),
        ("customer_id", "007", "customer_id=7"),
        ("customer_id", "ab", "customer_id=a_"),
        ("customer_id", "ab", "customer_id=a%"),
        ("customer_id", "ab", "customer_id=a*"),
        ("customer_id", "anything", "customer_id=x' OR '1'='1"),
        ("customer_id", "anything", "customer_id='; DELETE FROM people; --"),
        ("customer_id", "anything", "customer_id=NULL"),
        ("customer_id", "anything", "customer_id=None"),
    ],
)
def test_near_is_not_the_same(world: World, kind: str, written: str, typed: str) -> None:
    held(world, kind, written)
    before = world.state()
    result = world.search(typed)
    assert result.findings == ()
    assert result.exit_code == 0
    assert result.complete
    assert world.state() == before


def test_a_number_is_found_as_text_and_the_other_way(world: World) -> None:
    held(world, "customer_id", 7)
    assert own(world.search("customer_id=7")) == EVERYWHERE


def test_nobody_found_is_an_answer(world: World) -> None:
    held(world, "email", "ann@x.org")
    result = world.search("email=nobody@x.org")
    assert (result.findings, result.ambiguous, result.exit_code, result.complete) == ((), (), 0, True)


@pytest.mark.parametrize(
    "given",
    [
        "email=",
        "email=   ",
        "email=\u00a0",
        "=x",
        " =x",
        "email=a\nb@x.org",
        "email=\x00",
        "email=" + "x" * 2000 + "@x.org",
        "email=ann",
        "phone=call me",
        "name=123",
        "shoe=42",
    ],
)
def test_an_empty_or_absurd_value_is_bad_input(world: World, given: str) -> None:
    held(world, "email", "ann@x.org")
    world.csv("more", table("id name phone", ("a", "Ann", "1"), name=ident("name"), phone=ident("phone")))
    with pytest.raises(UsageError) as caught:
        world.search(given)
    assert caught.value.exit_code == 2
    assert caught.value.hint
    assert "\n" not in caught.value.message


def test_nothing_to_search_for_is_bad_input(world: World) -> None:
    held(world, "email", "ann@x.org")
    with pytest.raises(UsageError):
        world.search()


@pytest.mark.parametrize("subject", ["db/nothing/1", "nowhere/people/1", "db/people/1,2"])
def test_a_subject_that_is_not_there(world: World, subject: str) -> None:
    held(world, "email", "ann@x.org")
    with pytest.raises(UsageError):
        world.search("email=ann@x.org", subjects=[subject])


def test_a_hostile_catalog_name_is_quoted(world: World) -> None:
    world.sql("sales", ledger=table("id mail", ("a", "ann@x.org"), mail=ident("email")))
    world.do("sales", 'ALTER TABLE ledger RENAME TO "order ""by"" 1; --"')
    says = table("id mail", table='order "by" 1; --', mail=ident("email"))
    world.say("sales", "sql", {"url": "sqlite:///sales.db"}, {"ledger": says})
    assert own(world.search("email=ann@x.org")) == {"sales/ledger/a"}

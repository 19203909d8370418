"""The sample company: the same every time, and what it promises about the person of the sample request counted by hand."""

import csv
import io
import shutil
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from stdnum import iban

from dsr_desk.catalog.read import read_catalog
from dsr_desk.errors import UnreachableError, UsageError
from dsr_desk.flow.sample import Expected, Sample, build_sample
from dsr_desk.model.identity import normals

FILES = {
    "shop.db",
    "crm.db",
    "newsletter.csv",
    "support.xlsx",
    "catalog/archive.yaml",
    "catalog/crm.yaml",
    "catalog/newsletter.yaml",
    "catalog/shop.yaml",
    "catalog/support.yaml",
}


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    return build_sample(tmp_path_factory.mktemp("halden"))


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def ask(sample: Sample, database: str, query: str, *values: Any) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(sample.folder / database)) as db:
        return db.execute(query, values).fetchall()


def one(sample: Sample, database: str, query: str, *values: Any) -> Any:
    ((value,),) = ask(sample, database, query, *values)
    return value


def newsletter(sample: Sample) -> list[dict[str, str]]:
    text = (sample.folder / "newsletter.csv").read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def sheet(sample: Sample, name: str) -> list[dict[str, Any]]:
    with closing(openpyxl.load_workbook(sample.folder / "support.xlsx", read_only=True)) as book:
        head, *rows = book[name].iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def expected(sample: Sample, system: str, collection: str) -> Expected:
    (found,) = (e for e in sample.expected if (e.system, e.collection) == (system, collection))
    return found


def test_the_same_bytes_every_time(sample: Sample, tmp_path: Path) -> None:
    build_sample(tmp_path)
    first, second = bytes_of(sample.folder), bytes_of(tmp_path)
    assert set(first) == set(second) == FILES
    assert [name for name in first if first[name] != second[name]] == []


def test_another_seed_and_another_day_give_other_people(sample: Sample, tmp_path: Path) -> None:
    build_sample(tmp_path / "a", seed=2)
    build_sample(tmp_path / "b", today=date(2027, 3, 1))
    for folder in ("a", "b"):
        assert (tmp_path / folder / "shop.db").read_bytes() != (sample.folder / "shop.db").read_bytes()
        assert (tmp_path / folder / "support.xlsx").read_bytes() != (sample.folder / "support.xlsx").read_bytes()


def test_the_catalog_has_no_problem_and_lists_every_column(sample: Sample) -> None:
    read = read_catalog(sample.folder)
    assert read.problems == ()
    assert read.catalog is not None
    systems = read.catalog.systems
    assert set(systems) == {"shop", "crm", "newsletter", "support", "archive"}
    for database in ("shop", "crm"):
        tables = {t for (t,) in ask(sample, f"{database}.db", "SELECT name FROM sqlite_schema WHERE type = 'table'")}
        assert tables == set(systems[database].collections)
        for table in tables:
            live = {name for (name,) in ask(sample, f"{database}.db", "SELECT name FROM pragma_table_info(?)", table)}
            assert live == set(systems[database].collections[table].fields), table
    assert set(newsletter(sample)[0]) == set(systems["newsletter"].collections["newsletter"].fields)
    for name in ("tickets", "replies"):
        assert set(sheet(sample, name)[0]) == set(systems["support"].collections[name].fields)
    assert systems["shop"].compact
    assert systems["crm"].compact


def test_about_two_thousand_people(sample: Sample) -> None:
    emails = {e for (e,) in ask(sample, "shop.db", "SELECT lower(email) FROM customers")}
    emails |= {r["email"].lower() for r in newsletter(sample)} | {r["email"].lower() for r in sheet(sample, "tickets")}
    assert 1500 < len(emails) < 2500
    assert one(sample, "shop.db", "SELECT count(*) FROM orders") > 2500
    assert ask(sample, "shop.db", "PRAGMA foreign_key_check") == []


@pytest.mark.parametrize("people", [100, 2000])
def test_what_is_said_of_the_person_is_so(people: int, tmp_path: Path) -> None:
    sample = build_sample(tmp_path, people=people)
    mine = dict(sample.identifiers)["customer_id"]
    emails = {value.lower() for kind, value in sample.identifiers if kind == "email"}
    orders = "SELECT id FROM orders WHERE customer_id = ?1"
    counted = {
        ("shop", "customers"): one(sample, "shop.db", "SELECT count(*) FROM customers WHERE id = ?1", mine),
        ("shop", "addresses"): 1,
        ("shop", "orders"): one(sample, "shop.db", "SELECT count(*) FROM orders WHERE customer_id = ?1", mine),
        ("shop", "order_items"): one(sample, "shop.db", f"SELECT count(*) FROM order_items WHERE order_id IN ({orders})", mine),
        ("shop", "payments"): one(
            sample, "shop.db", f"SELECT count(*) FROM payments WHERE order_id IN ({orders}) OR customer_id = ?1", mine
        ),
        ("shop", "messages"): one(
            sample, "shop.db", "SELECT count(*) FROM messages WHERE ?1 IN (sender_id, recipient_id)", int(mine)
        ),
        ("crm", "contacts"): one(sample, "crm.db", "SELECT count(*) FROM contacts WHERE shop_customer = ?1", mine),
        ("crm", "activities"): one(
            sample,
            "crm.db",
            "SELECT count(*) FROM activities JOIN contacts ON contact_id = contacts.id WHERE shop_customer = ?1",
            mine,
        ),
        ("newsletter", "newsletter"): sum(r["email"].lower() in emails for r in newsletter(sample)),
    }
    for table in ("reviews", "wishes", "sessions", "invoice_limits"):
        counted["shop", table] = one(sample, "shop.db", f"SELECT count(*) FROM {table} WHERE customer_id = ?1", mine)
    tickets = sheet(sample, "tickets")
    own = {t["ticket_no"] for t in tickets if str(t["customer_no"]) == mine or t["email"].lower() in emails}
    named = {t["ticket_no"] for t in tickets if sample.name in t["text"]} - own
    counted["support", "tickets"] = len(own) + len(named)
    counted["support", "replies"] = sum(r["ticket_no"] in own for r in sheet(sample, "replies"))
    assert {(e.system, e.collection): e.rows for e in sample.expected} == counted
    assert expected(sample, "support", "tickets").mention == len(named) == 1
    assert sample.findings == sum(counted.values())


def test_she_has_two_e_mails_and_one_number_in_all_systems(sample: Sample) -> None:
    given, other = (value for kind, value in sample.identifiers if kind == "email")
    assert one(sample, "shop.db", "SELECT id FROM customers WHERE email = ?", given) == 1042
    assert ask(
        sample, "crm.db", "SELECT email, shop_customer FROM contacts WHERE given_name = 'Maria' AND family_name = 'Hofer'"
    ) == [(other, 1042)]
    lines = [
        r["email"] for r in newsletter(sample) if normals("email", r["email"]) & (normals("email", given) | normals("email", other))
    ]
    assert lines == [given.upper(), other.lower()]
    tickets = [(t["email"], t["customer_no"]) for t in sheet(sample, "tickets") if t["email"] in (given, other)]
    assert tickets == [(given, "1042"), (other, None)]


def test_two_people_share_a_phone_and_nobody_else_does(sample: Sample) -> None:
    contacts = ask(sample, "crm.db", "SELECT phone, given_name, family_name FROM contacts WHERE phone IS NOT NULL")
    owners: dict[str, list[str]] = {}
    for phone, given, family in contacts:
        owners.setdefault(min(normals("phone", phone, "DE")), []).append(f"{given} {family}")
    assert [names for names in owners.values() if len(names) > 1] == [[sample.name, sample.shared_with]]
    assert owners[min(normals(*sample.shared_phone))] == [sample.name, sample.shared_with]
    assert len({len(phone) for phone in owners}) <= 2


def test_two_customers_share_an_address(sample: Sample) -> None:
    shared = ask(
        sample,
        "shop.db",
        "SELECT group_concat(full_name, '+') FROM (SELECT * FROM customers ORDER BY id) GROUP BY address_id HAVING count(*) > 1",
    )
    assert shared == [("Maria Hofer+Klaus Hofer",)]


def test_one_payment_is_not_her_orders(sample: Sample) -> None:
    odd = ask(
        sample,
        "shop.db",
        "SELECT o.customer_id, c.full_name FROM payments p JOIN orders o ON o.id = p.order_id JOIN customers c"
        " ON c.id = p.customer_id WHERE o.customer_id <> p.customer_id",
    )
    assert odd == [(1042, "Klaus Hofer")]
    ibans = [i for (i,) in ask(sample, "shop.db", "SELECT DISTINCT iban FROM payments")]
    assert len(ibans) > 500
    assert all(iban.is_valid(i, check_country=False) for i in ibans)
    assert (
        one(sample, "shop.db", "SELECT count(DISTINCT customer_id) FROM payments WHERE iban = ?", dict(sample.identifiers)["iban"])
        == 1
    )


def test_messages_go_both_ways(sample: Sample) -> None:
    assert (
        one(sample, "shop.db", "SELECT count(*) FROM messages WHERE sender_id = 1042") == expected(sample, "shop", "messages").own
    )
    assert (
        one(sample, "shop.db", "SELECT count(*) FROM messages WHERE recipient_id = 1042")
        == expected(sample, "shop", "messages").access_only
    )


def test_nobody_else_has_her_name(sample: Sample) -> None:
    assert one(sample, "shop.db", "SELECT count(*) FROM customers WHERE full_name = 'Maria Hofer'") == 1
    assert one(sample, "shop.db", "SELECT count(*) FROM customers WHERE full_name = 'Maria Höfer'") == 1


def test_names_as_they_are_in_real_life(sample: Sample) -> None:
    names = " ".join(n for (n,) in ask(sample, "shop.db", "SELECT full_name FROM customers"))
    assert set("äöüßłóŚŻİıçğşñéøÓđ'’-ОΓ") - set(names) == set()
    for name in ("O'Brien", "O’Neill", "Müller", "Wójcik", "Yılmaz", "Ó Súilleabháin", "van 't Hof", "Null"):
        assert name in names


def test_no_cell_of_the_workbook_is_a_formula(sample: Sample) -> None:
    with closing(openpyxl.load_workbook(sample.folder / "support.xlsx")) as book:
        types = {cell.data_type for ws in book for row in ws for cell in row}
    assert types == {"s", "n", "d"}


@pytest.mark.parametrize("name", sorted(FILES))
def test_nothing_is_overwritten(name: str, tmp_path: Path) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("mine")
    with pytest.raises(UsageError) as caught:
        build_sample(tmp_path)
    assert name in caught.value.message
    assert bytes_of(tmp_path) == {name: b"mine"}


def test_a_folder_that_can_not_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(UnreachableError):
        build_sample(tmp_path / "file" / "deeper")


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, *_: Any) -> None:
        path.write_bytes(b"half")
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("dsr_desk.flow.sample.write_crm", full)
    with pytest.raises(UnreachableError):
        build_sample(tmp_path, people=100)
    assert bytes_of(tmp_path) == {}


def test_too_few_people(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        build_sample(tmp_path, people=99)
    assert not list(tmp_path.iterdir())


def test_other_files_of_the_folder_stay(tmp_path: Path) -> None:
    (tmp_path / "catalog").mkdir()
    (tmp_path / "workspace.toml").write_text("name = 'x'")
    build_sample(tmp_path, people=100)
    assert (tmp_path / "workspace.toml").read_text() == "name = 'x'"
    shutil.rmtree(tmp_path / "catalog")

"""``catalog discover``: a draft of a catalog file from the command line."""

from __future__ import annotations

import io
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.catalog.discovery import schemas
from tests.cli.conftest import Cli


@pytest.fixture
def empty(tmp_path: Path, cli: Cli) -> Path:
    """A workspace without a catalog, and a shop beside it."""
    assert cli("init", str(tmp_path), "--operator", "Ada").code == 0
    schemas.make("northwind", tmp_path / "northwind.db")
    return tmp_path


def test_a_draft_is_written_checked_and_accepted(empty: Path, cli: Cli) -> None:
    said = cli("catalog", "discover", "northwind.db")
    assert said.code == 0, said.err
    assert "12 collections" in said.out or "13 collections" in said.out
    assert "persons: " in said.out and "Customers" in said.out
    text = (empty / "catalog" / "northwind.yaml").read_text(encoding="utf-8")
    assert "url: sqlite:///northwind.db" in text.replace('"', "")
    assert cli("catalog", "check").code == 0
    assert cli("catalog", "accept", "--yes").code == 0
    (entry,) = [e for e in cli("audit", "list", "--json").json["entries"] if e["type"] == "catalog.discover"]
    assert (entry["body"]["system"], entry["body"]["collections"]) == ("northwind", 13)


def test_what_was_sampled_is_in_nothing_that_is_said(empty: Path, cli: Cli) -> None:
    with closing(sqlite3.connect(empty / "northwind.db")) as conn:
        names = [row[0] for row in conn.execute("SELECT LastName FROM Employees UNION SELECT ContactName FROM Customers")]
    for argv in ((), ("--json",), ("--show",)):
        said = cli("catalog", "discover", "northwind.db", "--as-system", f"n{len(argv)}{'j' if '--json' in argv else ''}", *argv)
        assert said.code == 0
        assert [n for n in names if n in said.out + said.err] == []


def test_a_file_that_is_there_is_never_written_over(empty: Path, cli: Cli) -> None:
    (empty / "catalog").mkdir(exist_ok=True)
    (empty / "catalog" / "shop.yaml").write_text("# mine\n", encoding="utf-8")
    said = cli("catalog", "discover", "northwind.db", "--as-system", "shop")
    assert (said.code, len(said.err.splitlines())) == (3, 2)
    assert (empty / "catalog" / "shop.yaml").read_text(encoding="utf-8") == "# mine\n"


def test_show_writes_nothing(empty: Path, cli: Cli) -> None:
    said = cli("catalog", "discover", "northwind.db", "--show")
    assert said.code == 0
    assert "collections:" in said.out
    assert list((empty / "catalog").glob("*.yaml")) == []


def test_a_csv_file_becomes_a_sheet(empty: Path, cli: Cli) -> None:
    rows = "".join(f"{n},p{n}@example.org,Person\n" for n in range(20))
    (empty / "list.csv").write_text(f"no,email,remark\n{rows}", encoding="utf-8")
    document = cli("catalog", "discover", "list.csv", "--json").json
    assert document["system"] == "list"
    said = {(g["field"], g["says"]) for g in document["guesses"]}
    assert ("email", "identity: email") in said
    assert cli("catalog", "check").code == 0


def test_options_are_the_drivers_and_stand_in_the_draft(empty: Path, cli: Cli) -> None:
    (empty / "list.csv").write_bytes("nr;e-mail;straße\n1;ä@example.org;Süd: 5\n".encode("latin-1"))
    said = cli("catalog", "discover", "list.csv", "--option", "encoding=latin-1", "--option", "delimiter=;", "--json")
    assert said.code == 0, said.err
    assert {"straße"} <= {g["field"] for g in said.json["guesses"]}
    assert cli("catalog", "check").code == 0
    assert cli("catalog", "discover", "list.csv", "--option", "nonsense").code == 2


@pytest.mark.parametrize(
    ("argv", "code"),
    [
        (["nowhere.db"], 4),
        (["northwind.db", "--driver", "telepathy"], 2),
        (["northwind.db", "--driver", "manual"], 2),
        (["northwind.db", "--as-system", "Not A Name"], 2),
        (["northwind.db", "--as-system", "2024"], 2),
        (["workspace.toml"], 2),
        (["postgresql://ann:hunter2@localhost/shop"], 2),
        (["postgresql://ann@127.0.0.1:1/shop"], 4),
        (["ldap://ann:hunter2@127.0.0.1:1/dc=example"], 2),
        (["imap://ann:hunter2@127.0.0.1:1"], 2),
        ([], 2),
    ],
)
def test_what_cannot_be_done_is_said_in_two_lines(empty: Path, cli: Cli, argv: list[str], code: int) -> None:
    said = cli("catalog", "discover", *argv)
    assert (said.code, len(said.err.splitlines())) == (code, 2), said.err
    assert "hunter2" not in said.err + said.out
    assert list((empty / "catalog").glob("*.yaml")) == []


def test_a_password_is_read_from_standard_input_and_kept_for_the_system(
    empty: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("open sesame\n"))
    said = cli("catalog", "discover", "northwind.db", "--password", "--json")
    assert said.code == 0, said.err
    assert "open sesame" not in said.out + (empty / "catalog" / "northwind.yaml").read_text(encoding="utf-8")
    assert "secret.set" in cli("audit", "list", "--json").out

"""Reports in a terminal: of a request and over a period, on either paper, as files; and more time to answer."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.flow.world import World

TODAY = date.today()


@pytest.fixture
def ref(world: World, cli: Cli) -> str:
    made: str = cli("request", "new", "--right", "access", "email=ann@x.org", "--json").json["request"]
    return made


def test_on_letter_paper_and_as_files(cli: Cli, ref: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    told = cli(
        "report", ref, "--pdf", str(tmp_path / "r.pdf"), "--paper", "letter", "--format", "json,csv", "--to", str(out), "--json"
    )
    assert told.code == 0, told.err
    assert told.json["files"] == [str(out / f"{ref}-report.json"), str(out / f"{ref}-report.csv")]
    assert b"612" in re.findall(rb"/MediaBox\s*\[([^]]*)", (tmp_path / "r.pdf").read_bytes())[0]
    assert json.loads(Path(told.json["files"][0]).read_text("utf-8"))["reference"] == ref
    kinds = [e["body"].get("format") for e in cli("audit", "list", "--json").json["entries"] if e["type"] == "report.make"]
    assert kinds == ["pdf", "json", "csv"]


def test_over_a_period(cli: Cli, ref: str, tmp_path: Path) -> None:
    days = ("--from", str(TODAY - timedelta(9)), "--until", str(TODAY))
    told = cli("report", *days, "--pdf", str(tmp_path / "p.pdf"), "--format", "csv", "--to", str(tmp_path / "out"), "--json")
    assert told.code == 0, told.err
    assert (told.json["figures"]["came in"], told.json["headline"]) == (1, "1 request came in.")
    assert (tmp_path / "p.pdf").read_bytes().startswith(b"%PDF") and len(told.json["files"]) == 1
    written = [e["body"] for e in cli("audit", "list", "--json").json["entries"] if e["type"] == "report.period"]
    assert [(b["first"], b["last"], b["format"]) for b in written] == [(days[1], days[3], "pdf"), (days[1], days[3], "csv")]
    assert cli("audit", "verify").code == 0
    assert "  came in: 1" in cli("report", *days).out


def test_no_pdf_is_written_over_a_system_or_the_workspace(cli: Cli, ref: str, tmp_path: Path) -> None:
    system, workspace = tmp_path / "shop.db", tmp_path / "workspace.db"
    before = system.read_bytes()
    days = ("--from", str(TODAY), "--until", str(TODAY))
    for file in (system, workspace):
        for typed in (("report", ref, "--pdf"), ("report", *days, "--pdf"), ("audit", "anchor", "--letter")):
            told = cli(*typed, str(file))
            assert (told.code, told.out) == (2, "") and "is there already" in told.err
    assert system.read_bytes() == before and workspace.read_bytes().startswith(b"SQLite format 3")
    for _ in range(2):
        assert cli("report", ref, "--pdf", str(tmp_path / "r.pdf")).code == 0


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ((), "Neither a request nor a period"),
        (("--from", "2026-01-01"), "a first and a last day"),
        (("DSR-2026-0001", "--from", "2026-01-01", "--until", "2026-02-01"), "Both a request and a period"),
        (("--from", "2026-02-01", "--until", "2026-01-01"), "ends before it begins"),
        (("DSR-2026-0001", "--format", "json"), "where the files go"),
        (("DSR-2026-0001", "--to", "x"), "what is written there"),
        (("DSR-2026-0001", "--paper", "A3"), "choice"),
    ],
)
def test_what_can_not_be_meant(cli: Cli, ref: str, typed: tuple[str, ...], says: str) -> None:
    told = cli("report", *typed)
    assert (told.code, told.out) == (2, "") and says in told.err


def test_more_time_and_who_was_asked_for_more(cli: Cli, ref: str) -> None:
    assert cli("request", "identify", ref, "--how", "called back", "--asked", "--json").json["identity_asked"] is True
    assert cli("request", "extend", ref, "--reason", "Nine systems, two on paper", "--told", "2999-01-01").code == 2
    told = cli("request", "extend", ref, "--reason", "Nine systems, two on paper", "--json")
    assert told.code == 0 and told.json["extended"] == "Nine systems, two on paper"
    assert date.fromisoformat(told.json["due"]) > TODAY + timedelta(80)
    again = cli("request", "extend", ref, "--reason", "Nine systems, two on paper")
    assert again.code == 3 and "extended before" in again.err

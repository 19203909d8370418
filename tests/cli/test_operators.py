"""Operators, keys and four eyes in the terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from dsr_desk.app.passphrase import SAMPLE_RECOVERY
from dsr_desk.store.root import plain_code
from tests.cli.conftest import Cli
from tests.flow.world import World

BOB = "bobs own words"


@pytest.fixture
def code(tmp_path: Path, cli: Cli) -> str:
    """A workspace made on the command line; gives its recovery code."""
    made = cli("init", str(tmp_path / "w"), "--operator", "Ada", "--json")
    assert made.code == 0
    return str(made.json["recovery"])


@pytest.fixture
def run(tmp_path: Path, cli: Cli, code: str, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Runs a command in it, with the code in the environment."""

    def call(*argv: str, passphrase: str | None = "correct horse", new: str = BOB, code_: str | None = code) -> object:
        monkeypatch.setenv("DSR_DESK_NEW_PASSPHRASE", new)
        monkeypatch.delenv("DSR_DESK_RECOVERY", raising=False)
        if code_ is not None:
            monkeypatch.setenv("DSR_DESK_RECOVERY", code_)
        return cli("--workspace", str(tmp_path / "w"), *argv, passphrase=passphrase)

    return call  # type: ignore[return-value]


def test_the_code_is_shown_once_and_asked_for_after(run: Cli, code: str, tmp_path: Path) -> None:
    assert plain_code(code)
    assert code not in "".join(p.read_text("utf-8", "replace") for p in (tmp_path / "w").rglob("*") if p.is_file())
    refused = run("operator", "add", "Bob", "--role", "approver", code_=None)
    assert (refused.code, "recovery code" in refused.err, "DSR_DESK_RECOVERY" in refused.err) == (4, True, True)
    assert run("operator", "add", "Bob", "--role", "approver", code_=code[:-1] + ("A" if code[-1] != "A" else "B")).code == 2
    added = run("operator", "add", "Bob", "--role", "approver", "--json")
    assert (added.code, added.json["name"], added.json["role"]) == (0, "Bob", "approver")
    listed = run("operator", "list", "--json").json
    assert [(o["name"], o["role"], o["you"]) for o in listed["operators"]] == [
        ("Ada", "approver", True),
        ("Bob", "approver", False),
    ]
    assert (listed["approvals"], listed["recovery"]) == (1, True)
    assert run("--as", "Bob", "operator", "list", passphrase=BOB).code == 0
    wrong = run("--as", "Bob", "operator", "list", passphrase="correct horse")
    assert (wrong.code, "does not open" in wrong.err) == (4, True)


def test_keys_renewed_compromised_gone(run: Cli) -> None:
    bob = run("operator", "add", "Bob", "--role", "approver", "--json").json["key"]
    assert run("policy", "approvals", "2", "--json").json == {"approvals": 2}
    assert run("operator", "leave", "Bob").code == 3  # two have to approve
    assert run("policy", "approvals", "1").code == 0
    renewed = run("--as", "Bob", "key", "renew", "--json", passphrase=BOB).json
    assert renewed["before"] == bob
    assert run("key", "compromise", bob, "--since", "3", "--json").json == {"key": bob, "since": 3, "next": None}
    assert run("operator", "forget", "Bob").code == 3
    assert run("operator", "leave", "Bob", "--json").json["key"] == renewed["key"]
    assert run("operator", "forget", "Bob").code == 0
    keys = run("key", "list", "--json").json["keys"]
    assert [(k["name"], k["state"], k["doubted"]) for k in keys] == [
        ("Root", "root", None),
        ("Ada", "stands", None),
        (None, "compromised", 3),
        (None, "retired", None),
    ]
    assert "(name deleted)" in run("key", "list").out
    assert run("--as", "Bob", "operator", "list", passphrase=BOB).code == 2
    assert run("key", "recovery").code == 3
    assert run("audit", "verify", "--json").json["ok"]


def test_a_stolen_key_ends_at_once_and_it_is_said_what_to_do_next(run: Cli) -> None:
    bob = run("operator", "add", "Bob", "--role", "approver", "--json").json["key"]
    assert run("policy", "approvals", "2").code == 0
    said = run("key", "compromise", bob, "--since", "4")
    assert (said.code, said.err) == (0, "")
    assert "A plan needs 2 approvals, and 1 who can approve is left: no plan can be approved." in said.out
    assert "dsr-desk policy approvals 1" in said.out
    assert run("policy", "approvals", "1").code == 0
    assert run("audit", "verify", "--json").json["ok"]


@pytest.mark.parametrize("name", ["Bob\nCem", "\u0391da", "Ada", "\u0410da", "x" * 10_000, " "])
def test_hostile_names(run: Cli, name: str) -> None:
    refused = run("operator", "add", name, "--role", "agent")
    assert refused.code == 2
    assert len(refused.err) < 500


def test_the_code_of_the_sample_company_is_published() -> None:
    assert plain_code(SAMPLE_RECOVERY)


def test_as_an_agent_approving_is_refused(world: World, cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    made = cli("init", str(tmp_path / "w"), "--operator", "Ada", "--json")
    monkeypatch.setenv("DSR_DESK_RECOVERY", made.json["recovery"])
    monkeypatch.setenv("DSR_DESK_NEW_PASSPHRASE", BOB)
    there = ("--workspace", str(tmp_path / "w"))
    assert cli(*there, "operator", "add", "Bob", "--role", "auditor").code == 0
    seen = cli(*there, "--as", "Bob", "search", "email=ann@x.org", passphrase=BOB)
    assert (seen.code, seen.err.splitlines()[0]) == (3, "An auditor looks and reports, and may not search for a person.")


def test_the_first_approval_of_two_says_whom_to_ask(
    world: World, cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """``world`` has a workspace of its own; this one lies beside its systems."""
    code = SAMPLE_RECOVERY
    monkeypatch.setattr("dsr_desk.store.founding.new_code", lambda: code)
    (tmp_path / "w").mkdir()
    for name in ("catalog", "shop.db", "news.csv", "desk.xlsx"):
        (tmp_path / name).rename(tmp_path / "w" / name)
    there = ("--workspace", str(tmp_path / "w"))
    assert cli("init", str(tmp_path / "w"), "--operator", "Ada").code == 0
    for argv in (("operator", "add", "Bob", "--role", "approver"), ("policy", "approvals", "2")):
        monkeypatch.setenv("DSR_DESK_RECOVERY", code)
        monkeypatch.setenv("DSR_DESK_NEW_PASSPHRASE", BOB)
        assert cli(*there, *argv).code == 0
    assert cli(*there, "catalog", "accept", "--yes").code == 0
    ref = cli(*there, "request", "new", "--right", "erasure", "email=ann@x.org", "--json").json["request"]
    digest = cli(*there, "plan", ref, "--json").json["digest"]
    first = cli(*there, "approve", ref, "--digest", digest)
    assert first.out.splitlines()[1] == "It runs after another approval. Ask Bob."
    assert cli(*there, "apply", ref).code == 3
    second = cli(*there, "--as", "bob", "approve", ref, "--digest", digest, "--json", passphrase=BOB)
    assert (second.code, second.json["missing"], second.json["by"]) == (0, 0, "Bob")
    assert cli(*there, "apply", ref).code == 0
    report = cli(*there, "report", ref)
    assert "Single operator" not in report.out
    assert cli(*there, "audit", "verify").code == 0

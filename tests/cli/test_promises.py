"""What the command line promises whatever is typed: one document, two lines, no traceback, no secret, no steering."""

from __future__ import annotations

import io
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cli.conftest import Cli, Said
from tests.flow.world import World, ident, table


def two_lines(said: Said) -> None:
    """One line what, one line what to do."""
    lines = said.err.rstrip("\n").split("\n")
    assert len(lines) == 2, said.err
    assert all(line.strip() for line in lines)
    assert "Traceback" not in said.err


WRONG = [
    (["search"], 2),
    (["search", "ann@x.org"], 2),
    (["search", "email="], 2),
    (["search", "=x"], 2),
    (["search", "em\nail=ann@x.org"], 2),
    (["search", "shoe=42"], 2),
    (["search", "email=ann@x.org", "--subject", "nonsense"], 2),
    (["search", "email=ann@x.org", "--subject", "shop/customers/99"], 2),
    (["search", "email=ann@x.org", "--no-such\noption"], 2),
    (["request", "new", "--right", "erasure", "email="], 2),
    (["request", "new", "--right", "forget", "email=ann@x.org"], 2),
    (["request", "new", "--right", "erasure", "email=ann@x.org", "--received", "2099-01-01"], 2),
    (["request", "new", "--right", "erasure", "email=ann@x.org", "--received", "soon"], 2),
    (["request", "new", "--right", "erasure", "email=ann@x.org", "--ground", "because"], 2),
    (["request", "show", "DSR-1-1"], 2),
    (["request", "show", "../../etc/passwd"], 2),
    (["request", "waive", "DSR-1-1", "shop", "--reason", "long enough to be one"], 2),
    (["plan", "DSR-1-1"], 2),
    (["approve", "DSR-1-1", "--digest", "x"], 2),
    (["apply", "DSR-1-1"], 2),
    (["verify", "DSR-1-1"], 2),
    (["export", "DSR-1-1", "--to", "out"], 2),
    (["report", "DSR-1-1"], 2),
    (["task", "answer", "DSR-1-1", "t", "--note", "x"], 2),
    (["task", "list", "DSR-1-1"], 2),
    (["secret", "set", "nowhere"], 2),
    (["catalog"], 2),
    (["nonsense"], 2),
    (["sea\x1b[31mrch"], 2),
    (["--as", "Mallory", "request", "list"], 2),
]


@pytest.mark.parametrize(("argv", "code"), WRONG)
def test_an_error_is_two_lines_and_with_json_one_document(world: World, cli: Cli, argv: list[str], code: int) -> None:
    said = cli(*argv)
    assert said.code == code
    assert said.out == ""
    two_lines(said)
    assert "\x1b" not in said.err
    as_json = cli(*argv, "--json")
    assert as_json.code == code
    document = as_json.json
    assert document["error"]
    assert document["hint"]
    assert document["exit"] == code
    assert as_json.out.count("\n") == 1


def test_a_wrong_passphrase_and_none(world: World, cli: Cli) -> None:
    for passphrase in ("wrong horse", "", None):
        said = cli("request", "list", passphrase=passphrase)
        assert said.code == 4
        two_lines(said)
        assert "wrong horse" not in said.err


def test_no_workspace(cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    said = cli("request", "list")
    assert said.code == 2
    two_lines(said)
    monkeypatch.delenv("DSR_DESK_WORKSPACE")
    said = cli("request", "list")
    assert said.code == 2
    two_lines(said)
    assert list(tmp_path.iterdir()) == []


def test_the_passphrase_leaves_the_environment(world: World, cli: Cli) -> None:
    cli("request", "list")
    assert "DSR_DESK_PASSPHRASE" not in os.environ
    cli("init", str(world.folder / "second"))
    assert "DSR_DESK_PASSPHRASE" not in os.environ


def test_a_second_init_changes_nothing(world: World, cli: Cli) -> None:
    before = {p.name: p.read_bytes() for p in world.folder.iterdir() if p.is_file()}
    said = cli("init", str(world.folder))
    assert said.code == 2
    two_lines(said)
    assert {p.name: p.read_bytes() for p in world.folder.iterdir() if p.is_file()} == before


def test_a_password_is_kept_and_stands_nowhere(world: World, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "hunter2-in-the-open"
    monkeypatch.setattr(sys, "stdin", io.StringIO(secret + "\n"))
    said = cli("secret", "set", "shop", "--json")
    assert said.code == 0
    assert secret not in said.out + said.err
    for path in world.folder.rglob("*"):
        if path.is_file():
            assert secret.encode() not in path.read_bytes(), path
    desk = world.desk()
    with desk.workspace:
        assert desk.workspace.secret("shop")() == secret
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n"))
    assert cli("secret", "set", "shop").code == 2


def test_nothing_personal_lies_open_in_the_workspace(world: World, cli: Cli) -> None:
    ref = cli("request", "new", "--right", "erasure", "email=ann@x.org", "--json").json["request"]
    cli("request", "identify", ref, "--how", "Ann Lee showed her passport")
    cli("approve", ref, "--digest", cli("plan", ref, "--json").json["digest"])
    cli("apply", ref)
    cli("verify", ref)
    systems = {p.name for p in world.files}
    for path in world.folder.rglob("*"):
        if path.is_file() and path.name not in systems:
            data = path.read_bytes()
            for value in (b"ann@x.org", b"Ann Lee", b"Long Acre", b"red bicycle", b"+49301111111"):
                assert value not in data, (path, value)


HOSTILE = "evil\x1b]0;owned\x07\x1b[2J\r\x9b31m\u202e\nshop             searched, 0 records\u2028x"


def test_control_characters_in_data_do_not_steer_the_terminal(tmp_path: Path, cli: Cli) -> None:
    world = World(tmp_path)
    world.sql(
        "db",
        people=table(
            "id email name body",
            (HOSTILE, "ann@x.org", HOSTILE, HOSTILE + " ann@x.org"),
            subject=True,
            on_erase="keep",
            keep={"ground": "17(3)(b)", "reason": "Tax"},
            email=ident("email"),
            name=ident("name"),
            body={"category": "user.content", "mentions": True},
        ),
    )
    cli("init", str(tmp_path))
    cli("catalog", "accept", "--yes")
    ref = cli("request", "new", "--right", "erasure", "email=ann@x.org", "--json").json["request"]
    for argv in (
        ["search", "email=ann@x.org"],
        ["search", f"name={'evil'}"],
        ["plan", ref],
        ["request", "show", ref],
        ["report", ref],
    ):
        said = cli(*argv)
        for line in (said.out + said.err).split("\n"):
            assert not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in line), line
            assert "\u202e" not in line
        assert "shop             searched, 0 records" not in said.out.split("\n")
    document = cli("search", "email=ann@x.org", "--json")
    assert document.json["findings"][0]["fields"]["name"] == HOSTILE
    assert document.out.isascii()


def test_values_are_masked_in_the_terminal(world: World, cli: Cli) -> None:
    ref = cli("request", "new", "--right", "erasure", "email=ann@x.org", "--json").json["request"]
    for argv in (["search", "email=ann@x.org"], ["plan", ref], ["request", "list"], ["request", "show", ref], ["report", ref]):
        out = cli(*argv).out
        for value in ("ann@x.org", "Ann Lee", "Long Acre Road", "+49301111111", "red bicycle"):
            assert value.lower() not in out.lower(), (argv, value)


WORDS = [
    "search",
    "request",
    "new",
    "plan",
    "apply",
    "email=ann@x.org",
    "--json",
    "--right",
    "erasure",
    "--subject",
    "shop/customers/1",
    "DSR-2026-0001",
    "audit",
    "list",
    "task",
    "--as",
    "catalog",
    "check",
    "",
    "-",
    "--",
    "\x00",
    "é" * 50,
]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=12)), max_size=7))
def test_whatever_is_typed_there_is_no_traceback(world: World, cli: Cli, argv: list[str]) -> None:
    if not argv or {"demo", "-h", "--help", "--version"} & {*argv} or all(a.startswith("--as") or a == "--" for a in argv):
        argv = ["search", *argv]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dsr_desk.cli._window", lambda _: 0)  # options without a command open it, and it stays
        said = cli(*argv)
    assert said.code in (0, 1, 2, 3, 4)
    assert "Traceback" not in said.out + said.err
    if said.code and "--json" in argv[1:] and "--" not in argv:
        json.loads(said.out)


def test_a_bug_is_no_traceback_either(world: World, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    from dsr_desk.flow.desk import Desk

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("ann@x.org")

    monkeypatch.setattr(Desk, "quick_search", broken)
    said = cli("search", "email=ann@x.org", "--json")
    assert said.code == 1
    two_lines(said)
    assert "ann@x.org" not in said.out + said.err
    assert said.json["error"]


def test_as_a_program(world: World) -> None:
    """One real process: unlocked from the environment, JSON on standard output, pipes that close early."""
    environment = {**os.environ, "DSR_DESK_PASSPHRASE": "correct horse", "PYTHONUTF8": "0", "LC_ALL": "C"}
    command = [sys.executable, "-m", "dsr_desk", "--workspace", str(world.folder)]
    done = subprocess.run([*command, "search", "email=ann@x.org", "--json"], env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["findings"]) == 7
    done = subprocess.run([*command, "search", "email=ann@x.org"], env=environment, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    done = subprocess.run([*command, "search"], env=environment, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (2, b"")
    for more in ([], ["--json"]):
        reader, writer = os.pipe()
        os.close(reader)  # whoever read it has left
        done = subprocess.run(
            [*command, "search", "email=ann@x.org", *more], env=environment, stdout=writer, stderr=subprocess.PIPE, check=False
        )
        os.close(writer)
        assert (done.returncode, done.stderr) == (0, b"")


def test_a_server_that_closes_its_connection_does_not_end_the_program(cli: Cli) -> None:
    """The signal of a broken connection ends a program without a word, unless it is ignored: also within a change."""
    assert cli("audit").code == 2
    here, there = socket.socketpair()
    there.close()
    with here, pytest.raises(BrokenPipeError):
        here.send(b"x")

"""The other rights on the command line: corrections, restrictions and their end, and errors in two lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.flow.world import World, ident, table


@pytest.fixture
def world(tmp_path: Path, cli: Cli) -> World:
    world = World(tmp_path)
    email = ident("email", category="user.contact.email")
    world.sql("shop", people=table("id email held", (1, "ann@x.org", 0), email=email, on_restrict={"set": {"held": True}}))
    assert cli("init", str(tmp_path), "--operator", "Ada").code == 0
    assert cli("catalog", "accept", "--yes").code == 0
    return world


def carried_out(cli: Cli, ref: str) -> None:
    digest = cli("plan", ref, "--json").json["digest"]
    assert cli("approve", ref, "--digest", digest).code == 0
    assert cli("apply", ref).code == 0
    assert cli("verify", ref).code == 0


def test_a_correction_from_the_letter_to_its_undoing(world: World, cli: Cli) -> None:
    told = "user.contact.email=new@x.org"
    made = cli("request", "new", "--right", "rectification", "email=ann@x.org", "--set", told, "--json").json
    ref = made["request"]
    assert made["corrections"] == [{"where": "user.contact.email", "value": "new@x.org", "row": None}]
    plan = cli("plan", ref, "--json").json
    assert plan["phrase"] == "CORRECT 1"
    assert plan["steps"][0]["fields"]["email"]["after"] == "new@x.org"
    assert "after" not in plan["steps"][0]["fields"]["held"]
    assert "ann@x.org" not in cli("plan", ref).out  # values are masked where people read
    carried_out(cli, ref)
    assert cli("verify", ref, "--json").json["changed"] == 1
    undone = cli("request", "undo", ref, "--reason", "Not her address", "--json").json
    assert (undone["right"], undone["undoes"]) == ("rectification", ref)
    carried_out(cli, undone["request"])
    assert world.ask("shop", "SELECT email FROM people") == [("ann@x.org",)]


def test_a_plan_with_new_corrections(world: World, cli: Cli) -> None:
    ref = cli("request", "new", "--right", "rectification", "email=ann@x.org", "--json").json["request"]
    said = cli("plan", ref)
    assert (said.code, len(said.err.splitlines()), "--set" in said.err) == (3, 2, True)
    said = cli("plan", ref, "--set", "shop/people/email=nothing", "--json")
    assert (said.code, said.json["refusals"][0]["field"]) == (3, "email")
    assert cli("plan", ref, "--set", "shop/people/email=new@x.org", "--json").code == 0
    said = cli("plan", ref, "--unset", "shop/people/email")
    assert (said.code, "does not say what to correct" in said.err) == (3, True)
    assert cli("plan", ref, "--unset", "shop/people/email").code == 2, "there is nothing to withdraw any more"


def test_a_restriction_is_seen_everywhere_until_it_is_lifted(world: World, cli: Cli) -> None:
    ref = cli("request", "new", "--right", "restriction", "email=ann@x.org", "--ground", "18(1)(b)", "--json").json["request"]
    carried_out(cli, ref)
    assert cli("request", "close", ref).code == 0
    assert [f["restricted"] for f in cli("search", "email=ann@x.org", "--json").json["findings"]] == [ref]
    assert f"[restricted since {ref}]" in cli("search", "email=ann@x.org").out
    listed = cli("request", "list", "--json").json
    assert (listed["requests"], [r["request"] for r in listed["restrictions"]]) == ([], [ref])
    assert f"dsr-desk request lift {ref}" in cli("request", "list").out
    assert cli("request", "show", ref, "--json").json["restricts"]["rows"] == ["shop/people/1"]
    erasure = cli("request", "new", "--right", "erasure", "email=ann@x.org", "--json").json["request"]
    assert cli("plan", erasure, "--json").code == 3
    lifting = cli("request", "lift", ref, "--json").json
    assert (lifting["right"], lifting["ends"]) == ("lifting", ref)
    digest = cli("plan", lifting["request"], "--json").json["digest"]
    refused = cli("approve", lifting["request"], "--digest", digest)
    assert (refused.code, len(refused.err.splitlines())) == (3, 2)
    assert cli("task", "answer", lifting["request"], "tell", "--note", "By letter").code == 0
    carried_out(cli, lifting["request"])
    assert [f["restricted"] for f in cli("search", "email=ann@x.org", "--json").json["findings"]] == [None]
    assert cli("request", "list", "--json").json["restrictions"] == []


def test_a_search_names_what_somebody_else_restricted(world: World, cli: Cli) -> None:
    world.do("shop", "UPDATE people SET held = 1")
    assert [f["restricted"] for f in cli("search", "email=ann@x.org", "--json").json["findings"]] == ["in the system"]
    assert "[restricted in the system]" in cli("search", "email=ann@x.org").out


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (["request", "new", "--right", "erasure", "email=a@x.org", "--set", "user.name=X"], 2),
        (["request", "new", "--right", "rectification", "email=a@x.org", "--set", "user.name"], 2),
        (["request", "new", "--right", "rectification", "email=a@x.org", "--set", "name=X"], 2),
        (["request", "new", "--right", "restriction", "email=a@x.org", "--ground", "17(1)(a)"], 2),
        (["request", "new", "--right", "lifting", "email=a@x.org"], 2),
        (["request", "lift", "DSR-1"], 2),
        (["request", "undo", "DSR-1", "--reason", "Wrong"], 2),
        (["request", "undo", "DSR-1"], 2),
    ],
)
def test_what_can_not_be_done_is_said_in_two_lines(world: World, cli: Cli, command: list[str], code: int) -> None:
    said = cli(*command)
    assert (said.code, len(said.err.splitlines()), said.out) == (code, 2, "")

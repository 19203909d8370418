"""A request over a list of people, typed."""

from __future__ import annotations

from tests.cli.conftest import Cli
from tests.flow.world import World


def listed(world: World, text: str) -> str:
    file = world.folder / "people.csv"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_from_the_file_to_the_proof(world: World, cli: Cli) -> None:
    file = listed(world, "email\nann@x.org\nnobody@x.org\n")
    made = cli("request", "new", "--right", "erasure", "--subjects", file, "--by-controller", "--ground", "17(1)(a)", "--json").json
    assert (made["people"], made["by_controller"], made["identity"]) == (2, True, [])
    ref = made["request"]
    plan = cli("plan", ref, "--json").json
    assert plan["people"][1] == {"line": 3, "why": None}
    assert cli("approve", ref, "--digest", plan["digest"]).code == 0
    assert cli("apply", ref).code == 0
    said = cli("verify", ref)
    assert said.code == 0
    assert "line 2: " in said.out and "erased" in said.out and "line 3: nobody found" in said.out
    assert "ann@x.org" not in said.out
    assert "a list of 2 people" in cli("request", "list").out
    assert "a list of 2 people" in cli("request", "show", ref).out


def test_bad_lines_are_two_lines_of_error(world: World, cli: Cli) -> None:
    said = cli("request", "new", "--right", "erasure", "--subjects", listed(world, "email=\nshoe=1\n"))
    assert said.code == 2
    assert len(said.err.strip().splitlines()) == 2
    assert "line 1" in said.err and "line 2" in said.err


def test_a_list_and_a_person_at_once_are_refused(world: World, cli: Cli) -> None:
    assert cli("request", "new", "--right", "erasure", "email=a@x.org", "--subjects", listed(world, "email\na@x.org\n")).code == 2


def test_a_person_is_left_out_by_line(world: World, cli: Cli) -> None:
    file = listed(world, "email\nann@x.org\nnobody@x.org\n")
    ref = cli("request", "new", "--right", "erasure", "--subjects", file, "--json").json["request"]
    assert cli("plan", ref, "--exclude-person", "9", "--reason", "not there").code == 2
    assert cli("plan", ref, "--exclude-person", "2", "--reason", "").code == 2
    plan = cli("plan", ref, "--exclude-person", "2", "--reason", "asks for herself", "--json").json
    assert plan["steps"] == []
    assert plan["people"][0]["why"] == "left out: asks for herself"


def test_lines_that_only_repeat_another_are_said(cli: Cli, world: World) -> None:
    file = listed(world, "email\na@x.org\nA@X.org\nb@x.org\na@x.org\n")
    told = cli("request", "new", "--right", "erasure", "--subjects", file)
    assert "Line 3 repeats line 2: they are one person." in told.out and "Line 5 repeats line 2" in told.out
    made = cli("request", "new", "--right", "erasure", "--subjects", file, "--json").json
    assert made["people"] == 2 and made["repeated"] == [{"line": 3, "of": 2}, {"line": 5, "of": 2}]

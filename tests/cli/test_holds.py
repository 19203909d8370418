"""Legal holds, special categories and what to know, on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.flow.world import KEEP, World, ident, table

HEALTH = {"category": "user.health_and_medical", "erase": "keep"}


@pytest.fixture
def world(tmp_path: Path, cli: Cli) -> World:
    world = World(tmp_path)
    world.sql(
        "shop",
        people=table(
            "id email ill", (1, "ann@x.org", "flu"), (2, "ben@x.org", None), subject=True, on_erase="redact", keep=KEEP,
            email=ident("email", None), ill=HEALTH,
        ),
    )  # fmt: skip
    assert cli("init", str(tmp_path), "--operator", "Ada").code == 0
    assert cli("catalog", "accept", "--yes").code == 0
    return world


def opened(cli: Cli) -> str:
    return str(cli("request", "new", "--right", "erasure", "email=ann@x.org", "--json").json["request"])


def test_a_hold_from_set_to_release(world: World, cli: Cli) -> None:
    ref = opened(cli)
    held = cli(
        "hold", "set", "--person", "email=ann@x.org", "--reason", "Court 12 O 345/26", "--until", "2099-01-31", "--json"
    ).json
    assert (held["request"], held["until"], held["identity"]) == (None, "2099-01-31", [{"kind": "email", "value": "ann@x.org"}])
    said = cli("plan", ref)
    assert said.code == 3
    assert "A legal hold stands on this person" in said.out
    assert "ann@x.org" not in cli("hold", "list").out  # masked where people read
    assert [h["hold"] for h in cli("hold", "list", "--json").json["holds"]] == [held["hold"]]
    released = cli("hold", "release", held["hold"], "--reason", "The claim was settled", "--json").json
    assert released["waiting"] == [ref]
    assert cli("hold", "list", "--json").json == {"holds": []}
    assert cli("hold", "list", "--released", "--json").json["holds"][0]["released_reason"] == "The claim was settled"
    assert cli("plan", ref).code == 0


@pytest.mark.parametrize(
    "wrong", [[], ["REF", "--person", "email=ann@x.org"], ["--person", "name=Ann"], ["REF", "--until", "2001-01-01"]]
)
def test_a_hold_on_nothing_or_on_too_much_is_bad_usage(world: World, cli: Cli, wrong: list[str]) -> None:
    ref = opened(cli)
    said = cli("hold", "set", *(ref if w == "REF" else w for w in wrong), "--reason", "Court 12 O 345/26")
    assert (said.code, len(said.err.splitlines())) == (2, 2)
    assert cli("hold", "list", "--json").json == {"holds": []}


def test_special_categories_and_what_to_know_are_in_words_and_documents(world: World, cli: Cli) -> None:
    assert "special category: ill" in cli("search", "email=ann@x.org").out
    assert "special category" not in cli("search", "email=ben@x.org").out
    assert cli("search", "email=ann@x.org", "--json").json["findings"][0]["special"] == ["ill"]
    ref = opened(cli)
    plan = cli("plan", ref, "--json").json
    fields = plan["steps"][0]["fields"]
    assert {n: f["special"] for n, f in fields.items()} == {"id": False, "email": False, "ill": True}
    assert (fields["ill"]["ground"], fields["ill"]["outcome"]) == ("17(3)(b)", "retained")
    assert [(c["system"], c["collection"], c["field"]) for c in plan["cautions"]] == [("shop", "people", "ill")]
    assert "TO KNOW shop/people/ill: 1 record that stays is like no other" in cli("plan", ref).out

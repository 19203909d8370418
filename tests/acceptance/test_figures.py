"""Figures that a person will rely on stay true when things go wrong in an awkward order."""

from __future__ import annotations

import json
from typing import Any

from tests.cli.conftest import Cli
from tests.flow.world import World


def approved(cli: Cli) -> str:
    """The reference of an erasure of Ann that may be applied."""
    ref: str = cli("request", "new", "--right", "erasure", "email=ann@x.org", "--json").json["request"]
    digest = cli("plan", ref, "--json").json["digest"]
    assert cli("approve", ref, "--digest", digest).code == 0
    return ref


def balanced(proof: dict[str, Any]) -> None:
    """Found before is what became of it, whether the figures are added up or the rows are counted."""
    assert proof["before"] == (
        proof["erased"] + len(proof["retained"]) + len(proof["excluded"]) + proof["by_hand"] + proof["after"]
    )
    assert proof["after"] == len(proof["leftovers"])


def test_nothing_is_called_erased_where_nothing_was_written_and_nobody_can_look(world: World, cli: Cli) -> None:
    ref = approved(cli)
    (world.folder / "shop.db").rename(world.folder / "shop.away")
    assert cli("apply", ref).code == 4
    said = cli("verify", ref, "--json")
    assert said.code == 4
    assert said.json["erased"] == 0
    assert {x["row"] for x in said.json["leftovers"]} >= {"shop/customers/1", "shop/addresses/5", "shop/wishes/30"}
    balanced(said.json)
    (world.folder / "shop.away").rename(world.folder / "shop.db")
    assert cli("apply", ref).code == 0
    (world.folder / "shop.db").rename(world.folder / "shop.away")
    said = cli("verify", ref, "--json")
    assert (said.code, said.json["after"]) == (4, 0)
    balanced(said.json)


def test_a_record_that_is_left_over_is_not_called_retained_as_well(world: World, cli: Cli) -> None:
    path = world.folder / "catalog" / "shop.yaml"
    said = json.loads(path.read_text(encoding="utf-8"))
    said["collections"]["orders"]["fields"]["note"]["erase"] = None
    path.write_text(json.dumps(said), encoding="utf-8")
    assert cli("catalog", "accept", "--yes").code == 0
    ref = approved(cli)
    world.do("shop", "UPDATE wishes SET what = 'a green bicycle' WHERE id = 30")
    assert cli("apply", ref).code == 3
    proof = cli("verify", ref, "--json").json
    assert proof["after"] and not proof["in_part"]
    balanced(proof)
    assert not {x["row"] for x in proof["leftovers"]} & {x["row"] for x in proof["retained"]}


def test_an_answer_that_comes_after_the_proof_is_counted_in_the_report(world: World, cli: Cli) -> None:
    world.paper()
    assert cli("catalog", "accept", "--yes").code == 0
    ref = approved(cli)
    assert cli("apply", ref).code == 0
    assert cli("verify", ref).code == 0
    gone = cli("task", "answer", ref, "archive", "--note", "Shredded", "--file", str(world.folder / "nowhere.jpg"))
    assert gone.code == 2
    assert len(gone.err.splitlines()) == 2
    assert cli("task", "answer", ref, "archive", "--note", "Shredded three", "--records", "3").code == 0
    figures = cli("report", ref, "--json").json["figures"]
    assert figures["by hand"] == 3
    assert figures["found before"] == sum(count for name, count in figures.items() if name != "found before")
    again = cli("verify", ref, "--json").json
    assert (again["by_hand"], again["before"]) == (3, figures["found before"])
    assert cli("request", "close", ref).code == 0
    closed = cli("request", "close", ref)
    assert (closed.code, len(closed.err.splitlines())) == (3, 2)


def test_an_open_file_is_seen_before_anything_is_written_anywhere(world: World, cli: Cli) -> None:
    ref = approved(cli)
    before = world.state()
    lock = world.folder / ".~lock.news.csv#"  # the system before it in the catalog could be written
    lock.write_bytes(b"Bob")
    said = cli("apply", ref, "--json")
    assert (said.code, said.json["status"]) == (4, "refused")
    assert world.state() == before
    lock.unlink()
    assert cli("apply", ref).code == 0
    assert cli("verify", ref).code == 0


def test_a_record_that_somebody_else_owns_too_stays_theirs_even_where_it_is_included(world: World, cli: Cli) -> None:
    world.do("shop", "UPDATE customers SET address = 5 WHERE id = 2")
    ref = cli("request", "new", "--right", "erasure", "email=ann@x.org", "--json").json["request"]
    plan = cli("plan", ref, "--include", "shop/addresses/5", "--reason", "She says it is hers", "--json")
    assert plan.code == 0
    shared = next(s for s in plan.json["steps"] if s["collection"] == "addresses" and list(s["key"].values()) == [5])
    assert (shared["action"], {f["outcome"] for f in shared["fields"].values()}) == ("keep", {"excluded"})
    assert cli("approve", ref, "--digest", plan.json["digest"]).code == 0
    before = world.ask("shop", "SELECT * FROM addresses WHERE id = 5")
    assert cli("apply", ref).code == 0
    assert world.ask("shop", "SELECT * FROM addresses WHERE id = 5") == before != []
    assert cli("verify", ref).code == 0

"""The trail and the end of requests, typed."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from dsr_desk.flow import shred
from dsr_desk.model.shred import LAST_EVIDENCE
from tests.cli.conftest import Cli
from tests.flow.world import World


def closed(cli: Cli) -> str:
    """A request that was refused and closed."""
    ref: str = cli("request", "new", "--right", "erasure", "email=ann@x.org", "--json").json["request"]
    assert cli("request", "decide", ref, "--decision", "refused", "--reason", "Tax records have to be kept for ten years").code == 0
    assert cli("request", "close", ref).code == 0
    return ref


def types(cli: Cli) -> list[str]:
    return [e["type"] for e in cli("audit", "list", "--json").json["entries"]]


def test_looking_at_a_request_is_recorded(world: World, cli: Cli) -> None:
    ref = closed(cli)
    assert cli("request", "show", ref).code == 0
    assert types(cli)[-1] == "case.view"


def test_what_nothing_outside_was_held_against_is_said(world: World, cli: Cli) -> None:
    said = cli("audit", "verify")
    assert (said.code, said.out.splitlines()[0]) == (0, "All 3 entries hold.")
    assert "the last 3 of them" in said.out
    assert cli("audit", "verify", "--json").json["anchored"] == 0


def test_a_copy_that_was_brought_back_is_refused_until_it_is_recorded(world: World, cli: Cli, tmp_path: Path) -> None:
    kept = tmp_path.parent / f"{tmp_path.name}.kept"
    shutil.copytree(tmp_path, kept)
    assert cli("audit", "restored", "--json").json == {"restored": False, "had": None}
    closed(cli)
    had = len(types(cli))
    for file in kept.glob("workspace.db*"):
        shutil.copy(file, tmp_path / file.name)
    said = cli("audit", "list")
    assert said.code == 1
    assert "dsr-desk audit restored" in said.err
    assert cli("audit", "restored", "--json").json == {"restored": True, "had": had}
    assert cli("audit", "verify").code == 0


def test_shredding_wants_a_yes_and_says_what_stays(world: World, cli: Cli) -> None:
    ref = closed(cli)
    told = cli("request", "shred", ref)
    assert told.code == 2 and LAST_EVIDENCE in told.err
    assert cli("request", "shred", "--yes").code == 2
    assert cli("request", "shred", ref, "--due", "--yes").code == 2
    assert cli("request", "show", ref).code == 0
    said = cli("request", "shred", ref, "--yes")
    assert said.code == 0
    assert "its file is destroyed" in said.out and "Backups" in said.out
    again = cli("request", "show", ref)
    assert (again.code, "was destroyed on" in again.err) == (3, True)
    assert "case.shred" in types(cli)
    assert cli("audit", "verify").code == 0


def test_what_is_due_is_listed_and_goes_at_once(world: World, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = closed(cli), closed(cli)
    assert cli("request", "list", "--due-shredding").out == "No request is due.\n"
    assert cli("request", "shred", "--due").out == "No request is due.\n"
    assert cli("hold", "set", "--person", "email=ann@x.org", "--reason", "A claim is before the court").code == 0
    monkeypatch.setattr(shred, "ends", lambda day, years: day - timedelta(days=1))
    assert {d["request"] for d in cli("request", "list", "--due-shredding", "--json").json["due"]} == {one, two}
    held = cli("request", "shred", "--due", "--yes", "--json")
    assert (held.code, held.json["shredded"], len(held.json["stay"])) == (1, [], 2)
    (hold,) = cli("hold", "list", "--json").json["holds"]
    assert cli("hold", "release", hold["hold"], "--reason", "The claim was settled").code == 0
    assert cli("request", "shred", "--due").code == 2
    done = cli("request", "shred", "--due", "--yes", "--json")
    assert (done.code, [d["request"] for d in done.json["shredded"]]) == (0, [one, two])


def test_a_checkpoint_leaves_and_is_held_against_the_trail(world: World, cli: Cli, tmp_path: Path) -> None:
    kept = str(tmp_path / "kept.txt")
    made = cli("audit", "anchor", "--to", kept)
    assert made.code == 0
    assert "over 3 entries" in made.out
    listed = cli("audit", "anchor", "--json").json
    assert ([a["how"] for a in listed["anchors"]], listed["unanchored"]) == (["file"], 1)
    assert cli("audit", "anchor", "--to", kept).code == 2
    assert cli("audit", "anchor", "--to", "another", "--letter", "x.pdf").code == 2
    assert cli("audit", "anchor", "--timestamp", "http://example.org").code == 2
    told = cli("audit", "verify", "--against", kept, "--json").json
    assert (told["ok"], told["anchored"]) == (True, 3)
    (tmp_path / "none").write_text("nothing")
    assert cli("audit", "verify", "--against", str(tmp_path / "none")).code == 2
    other = Path(kept).read_text(encoding="utf-8").split("\n")
    other[2] = "A" * 43 + "="
    Path(kept).write_text("\n".join(other), encoding="utf-8")
    assert cli("audit", "verify", "--against", kept).code == 1

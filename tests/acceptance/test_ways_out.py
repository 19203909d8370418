"""What the program tells a person to do can be done, and leads on."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from dsr_desk.cli import words
from dsr_desk.model.plan import Residue
from dsr_desk.model.result import Verification
from tests.cli.conftest import Cli
from tests.flow.world import World, ident, table


def test_the_cure_for_a_computed_column_cures_it(cli: Cli, tmp_path: Path) -> None:
    world = World(tmp_path)
    mail = ident("email", {"pseudonym": {"suffix": "@erased.invalid"}})
    members = table("no mail", (1, "Ann@x.org"), subject=True, on_erase="redact", mail=mail)
    world.sql("club", members=members)
    world.do("club", "ALTER TABLE members ADD COLUMN low TEXT GENERATED ALWAYS AS (lower(mail)) VIRTUAL")
    path = tmp_path / "catalog" / "club.yaml"
    said = json.loads(path.read_text(encoding="utf-8"))
    said["collections"]["members"]["fields"]["low"] = {"category": "user.contact.email", "erase": None}
    path.write_text(json.dumps(said), encoding="utf-8")
    assert cli("init", str(tmp_path), "--operator", "Ada").code == 0
    assert cli("catalog", "accept", "--yes").code == 0
    ref = cli("request", "new", "--right", "erasure", "email=ann@x.org", "--json").json["request"]
    (refusal,) = cli("plan", ref, "--json").json["refusals"]
    assert "list it with {} alone" in refusal["cure"]
    said["collections"]["members"]["fields"]["low"] = {}
    path.write_text(json.dumps(said), encoding="utf-8")
    assert cli("catalog", "accept", "--yes").code == 0
    digest = cli("plan", ref, "--json").json["digest"]
    assert cli("approve", ref, "--digest", digest).code == 0
    assert cli("apply", ref).code == 0
    assert cli("verify", ref).code == 0
    ((low,),) = world.ask("club", "SELECT low FROM members")
    assert low.endswith("@erased.invalid")


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_what_is_exported_is_for_the_operator_alone(world: World, cli: Cli) -> None:
    ref = cli("request", "new", "--right", "access", "email=ann@x.org", "--json").json["request"]
    files = [Path(f) for f in cli("export", ref, "--to", str(world.folder / "out"), "--json").json["files"]]
    assert files
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (*files, world.folder / "out")}
    assert modes == {0o600, 0o700}


def test_what_nobody_could_count_is_not_printed_as_none() -> None:
    unseen = Residue("shop", "server files", 0, "They can't be read from here.", "Ask the owner.")
    proof = Verification("DSR-2026-0001", "verified", "", (), (), (), (), (unseen,))
    assert any("server files: not known." in line for line in words.verification(proof))

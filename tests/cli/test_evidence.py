from __future__ import annotations

import io
from pathlib import Path

import pytest

from tests.audit.vector_files import VECTORS, false, put
from tests.cli.conftest import Cli
from tests.flow.world import World


@pytest.fixture
def ref(world: World, cli: Cli) -> str:
    return str(cli("request", "new", "--right", "access", "email=ann@x.org", "--json").json["request"])


def test_evidence_and_receipt_are_made_and_checked(ref: str, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = cli("evidence", ref, "--to", str(tmp_path / "e.zip"), "--json")
    assert made.code == 0
    receipt = cli("receipt", ref, "--to", str(tmp_path / "r.zip"))
    assert receipt.code == 0
    assert "verify.py" in receipt.out
    opened = cli("evidence", ref, "--to", str(tmp_path / "o.zip"), "--opened", "--json").json
    monkeypatch.delenv("DSR_DESK_WORKSPACE")
    monkeypatch.chdir(tmp_path.parent)
    checked = cli("audit", "check", str(tmp_path / "e.zip"), "--json", passphrase=None)
    assert checked.code == 0
    assert checked.json["kind"] == "evidence"
    assert checked.json["verifier"] == made.json["verifier"]
    assert checked.json["identifiers"] == []
    told = cli("audit", "check", str(tmp_path / "r.zip"), passphrase=None).out
    assert "ann@x.org" in told and "left out" not in told and "shows only its own" in told
    assert "or left out" in cli("audit", "check", str(tmp_path / "e.zip"), passphrase=None).out
    for typed, code in ((opened["password"], 0), ("wrong", 4), ("", 4)):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{typed}\n"))
        assert cli("audit", "check", str(tmp_path / "o.zip"), passphrase=None).code == code


def test_a_bundle_that_does_not_hold_is_one_sentence(cli: Cli, tmp_path: Path) -> None:
    bad = put(tmp_path / "bad", *false()["begun-on-one-of-two-approvals"])
    said = cli("audit", "check", str(bad), passphrase=None)
    assert said.code == 1
    assert said.out.count("\n") == 1
    assert cli("audit", "check", str(bad), "--json", passphrase=None).json["fault"]["error"] == "UnapprovedError"
    assert cli("audit", "check", str(tmp_path / "nothing.zip"), passphrase=None).code == 4


def test_doubted_entries_and_another_script_are_named(cli: Cli) -> None:
    said = cli("audit", "check", str(VECTORS / "true" / "key-stolen"), passphrase=None)
    assert said.code == 0
    assert "14" in said.out
    assert "stolen" in said.out
    assert "not the one of this version" in said.out

"""``export`` on the command line: formats by right, and a password that is shown once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pyzipper import AESZipFile

from tests.cli.conftest import Cli
from tests.flow.world import World, ident, table


def request(cli: Cli, right: str) -> str:
    ref: str = cli("request", "new", "--right", right, "email=ann@x.org", "--json").json["request"]
    return ref


def endings(files: list[str]) -> set[str]:
    return {Path(f).name.partition("-information")[0].rpartition(".")[2] for f in files} & {"json", "csv", "html", "xlsx", "xml"}


@pytest.mark.parametrize(("right", "usual"), [("access", {"json", "csv", "html"}), ("portability", {"json", "csv"})])
def test_what_is_written_where_nothing_is_said(world: World, cli: Cli, tmp_path: Path, right: str, usual: set[str]) -> None:
    done = cli("export", request(cli, right), "--to", str(tmp_path / "out"), "--json")
    assert done.code == 0
    assert endings(done.json["files"]) == usual
    assert "password" not in done.json


def test_every_format(world: World, cli: Cli, tmp_path: Path) -> None:
    done = cli("export", request(cli, "access"), "--to", str(tmp_path / "out"), "--format", "json, csv,html,xlsx,xml", "--json")
    assert done.code == 0
    assert endings(done.json["files"]) == {"json", "csv", "html", "xlsx", "xml"}


def test_a_copy_for_which_decisions_wait_is_not_complete(tmp_path: Path, cli: Cli) -> None:
    """Nobody said where the values came from, on which Art. 20 depends."""
    world = World(tmp_path)
    world.sql("shop", {"legal_basis": "contract"}, people=table("id email", (1, "ann@x.org"), email=ident("email")))
    assert cli("init", str(world.folder), "--operator", "Ada").code == 0
    assert cli("catalog", "accept", "--yes").code == 0
    ref = request(cli, "portability")
    done = cli("export", ref, "--to", str(tmp_path / "out"), "--json")
    assert (done.code, done.json["complete"], done.json["waiting"][0]["what"]) == (0, False, "1 value")
    (path,) = [p for p in (tmp_path / "out").glob("*.json") if not p.stem.endswith("manifest")]
    told = json.loads(path.read_text())
    assert (told["not_searched"], [w["what"] for w in told["waiting"]]) == ([], ["1 value"])


def test_a_page_is_not_portable(world: World, cli: Cli, tmp_path: Path) -> None:
    done = cli("export", request(cli, "portability"), "--to", str(tmp_path / "out"), "--format", "html")
    assert done.code == 2
    assert "Art. 20" in done.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("as_json", [True, False])
def test_the_password_is_shown_once_and_opens_the_zip(world: World, cli: Cli, tmp_path: Path, as_json: bool) -> None:
    done = cli("export", request(cli, "access"), "--to", str(tmp_path / "out"), "--encrypt", *(["--json"] if as_json else []))
    assert done.code == 0
    if as_json:
        password = done.json["password"]
    else:
        (password,) = [line.removeprefix("Password: ") for line in done.out.splitlines() if line.startswith("Password: ")]
    assert (done.out + done.err).count(password) == 1
    (path,) = (tmp_path / "out").glob("*.zip")
    with AESZipFile(path) as archive:
        archive.setpassword(password.encode())
        assert b"ann@x.org" in b"".join(archive.read(n) for n in archive.namelist())
    for path in [*world.folder.rglob("*"), *tmp_path.rglob("*")]:
        assert not path.is_file() or password.encode() not in path.read_bytes(), path.name

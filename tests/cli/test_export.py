"""``export`` on the command line: formats by right, and a password that is shown once."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyzipper import AESZipFile

from tests.cli.conftest import Cli
from tests.flow.world import World


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


def test_a_page_is_not_portable(world: World, cli: Cli, tmp_path: Path) -> None:
    done = cli("export", request(cli, "portability"), "--to", str(tmp_path / "out"), "--format", "html")
    assert done.code == 2
    assert "Art. 20" in done.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("json", [True, False])
def test_the_password_is_shown_once_and_opens_the_zip(world: World, cli: Cli, tmp_path: Path, json: bool) -> None:
    done = cli("export", request(cli, "access"), "--to", str(tmp_path / "out"), "--encrypt", *(["--json"] if json else []))
    assert done.code == 0
    if json:
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

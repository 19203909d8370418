from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null

from dsr_desk.audit import trail
from dsr_desk.errors import CredentialsError, DeskError, TamperedError
from dsr_desk.store.keys import Keyring, SealedFile
from dsr_desk.store.workspace import Settings, Workspace


class Memory(KeyringBackend):
    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        assert len(password) <= 1280
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
def memory() -> Iterator[Memory]:
    before = keyring.get_keyring()
    backend = Memory()
    keyring.set_keyring(backend)
    yield backend
    keyring.set_keyring(before)


def create(folder: Path) -> Workspace:
    return Workspace.create(folder, operator="Ada", settings=Settings("Desk"), passphrase=None, trail=trail)


def ask() -> str:
    raise AssertionError("the passphrase was asked for")


def test_with_a_keyring_nobody_is_asked_and_no_key_is_in_the_folder(memory: Memory, folder: Path) -> None:
    with create(folder) as ws:
        ws.set_secret("shop", "geheim-ü")
    assert not (folder / "keys.sealed").exists()
    with Workspace.open(folder, passphrase=ask, trail=trail) as ws, ws.write() as tx:
        assert ws.secret("shop")() == "geheim-ü"
        tx.append("secret.set", {"system": "shop"})
    memory.kept.clear()
    with pytest.raises(CredentialsError, match="not on this computer"):
        Workspace.open(folder, passphrase=ask, trail=trail)


@pytest.mark.parametrize("backend", [fail.Keyring, null.Keyring])
def test_a_keyring_that_keeps_nothing_is_none(backend: type[KeyringBackend], memory: Memory, folder: Path) -> None:
    keyring.set_keyring(backend())
    with pytest.raises(CredentialsError, match="keyring") as caught:
        create(folder)
    assert "passphrase" in caught.value.hint
    assert not (folder / "workspace.toml").exists()


def test_a_making_that_fails_leaves_no_key_in_the_keyring(memory: Memory, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dsr_desk.store import founding

    def full(*_: object) -> None:
        raise DeskError("The disk is full.")

    monkeypatch.setattr(founding, "write_settings", full)
    with pytest.raises(DeskError):
        create(folder)
    assert memory.kept == {}


def test_a_key_changed_in_the_keyring_is_seen(memory: Memory, folder: Path) -> None:
    create(folder).close()
    (name,) = [n for n in memory.kept if n[1].endswith(":own")]
    for broken in ("%%%", memory.kept[name][:-8] + "AAAAAAA=", "AAAA"):
        memory.kept[name] = broken
        with pytest.raises(TamperedError):
            Workspace.open(folder, passphrase=ask, trail=trail)


def test_removing_what_is_not_there(memory: Memory, tmp_path: Path) -> None:
    for store in (Keyring("w"), SealedFile.create(tmp_path, "x")):
        store.put("a", "1")
        store.remove("a")
        if isinstance(store, SealedFile):
            store.remove("a")
        assert store.get("a") is None


def test_an_umlaut_is_an_umlaut_on_every_keyboard(tmp_path: Path) -> None:
    SealedFile.create(tmp_path, "schl\u00fcssel").put("a", "1")
    assert SealedFile(tmp_path, lambda: "schlu\u0308ssel").get("a") == "1"


def test_a_flip_in_every_byte_of_the_sealed_file_is_seen(tmp_path: Path) -> None:
    store = SealedFile.create(tmp_path, "x")
    store.put("kek", "k" * 40)
    path = tmp_path / "keys.sealed"
    whole = path.read_bytes()
    file = json.loads(whole)
    for i in range(len(whole)):
        path.write_bytes(whole[:i] + bytes([whole[i] ^ 1]) + whole[i + 1 :])
        try:
            assert store.get("kek") == "k" * 40
        except (CredentialsError, TamperedError):
            store = SealedFile(tmp_path, lambda: "x")
            continue
        assert json.loads(path.read_bytes()) == file  # only a blank became another one


@pytest.mark.parametrize(("name", "value"), [("memory_kib", 1 << 30), ("iterations", 10**9), ("lanes", 0), ("name", "md5")])
def test_a_changed_file_can_not_eat_the_computer(tmp_path: Path, name: str, value: object) -> None:
    SealedFile.create(tmp_path, "x")
    path = tmp_path / "keys.sealed"
    file = json.loads(path.read_bytes())
    file["kdf"][name] = value
    path.write_text(json.dumps(file))
    with pytest.raises(TamperedError):
        SealedFile(tmp_path, lambda: "x").get("a")


def test_two_windows_that_keep_secrets_at_once_lose_none(tmp_path: Path) -> None:
    SealedFile.create(tmp_path, "x")
    stores = [SealedFile(tmp_path, lambda: "x") for _ in range(3)]
    threads = [threading.Thread(target=lambda n=n, s=s: [s.put(f"{n}/{i}", "v") for i in range(8)]) for n, s in enumerate(stores)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    fresh = SealedFile(tmp_path, lambda: "x")
    assert all(fresh.get(f"{n}/{i}") == "v" for n in range(3) for i in range(8))


HURRY = """
import sys, threading
from pathlib import Path
from dsr_desk.store import keys
keys._MEMORY_KIB, keys._ITERATIONS, keys._LANES = 8 * 1024, 1, 4
keys.SealedFile.create(Path(sys.argv[1]), "x").put("a", "1")
def work():
    for _ in range(60):
        assert keys.SealedFile(Path(sys.argv[1]), lambda: "x").get("a") == "1"
        done.append(1)
done = []
threads = [threading.Thread(target=work) for _ in range(3)]
[t.start() for t in threads]
[t.join() for t in threads]
sys.exit(len(done) != 180)
"""


def test_opening_in_several_threads_at_once_neither_hangs_nor_fails(tmp_path: Path) -> None:
    # Without a lock around it, OpenSSL's Argon2id with four lanes hung or ran out of memory here.
    assert subprocess.run([sys.executable, "-c", HURRY, str(tmp_path)], timeout=60, check=False).returncode == 0

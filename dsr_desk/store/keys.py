"""Where keys and passwords are kept: the keyring of the operating system, or a file that a passphrase opens."""

from __future__ import annotations

import base64
import json
import secrets
import threading
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dsr_desk.errors import CredentialsError, TamperedError, UsageError
from dsr_desk.store.files import locked_file, reading, write_atomically

#: The file of the passphrase vault of whoever made the workspace; each other operator has ``keys.<key id>.sealed``.
SEALED = "keys.sealed"
SERVICE = "dsr-desk"
_MEMORY_KIB, _ITERATIONS, _LANES = 64 * 1024, 3, 1
# With more than one lane OpenSSL 3 works in threads of its own, and two derivations at once then hang or run out of memory.
_deriving = threading.Lock()


class KeyStore(ABC):
    """Named secrets of one workspace, each a short text."""

    @abstractmethod
    def get(self, name: str) -> str | None:
        """The secret, or ``None``. ``CredentialsError`` when the store can't be opened."""

    @abstractmethod
    def put(self, name: str, value: str) -> None:
        """Keep the secret, durably. ``CredentialsError`` when the store can't be opened."""

    @abstractmethod
    def remove(self, name: str) -> None:
        """Forget the secret, if there is one."""


class Keyring(KeyStore):
    """The keyring of the operating system, under the service ``dsr-desk``."""

    def __init__(self, workspace: str) -> None:
        """``workspace`` is its trail's name: a copied folder finds its keys again."""
        self._workspace = workspace

    def _user(self, name: str) -> str:
        return f"{self._workspace}:{name}"

    def get(self, name: str) -> str | None:
        """The secret, or ``None``."""
        import keyring
        from keyring.errors import KeyringError

        try:
            return keyring.get_password(SERVICE, self._user(name))
        except KeyringError:
            raise _no_keyring() from None

    def put(self, name: str, value: str) -> None:
        """Keep the secret, and read it again: some keyrings say nothing and keep nothing."""
        import keyring
        from keyring.errors import KeyringError

        try:
            keyring.set_password(SERVICE, self._user(name), value)
            kept = keyring.get_password(SERVICE, self._user(name)) == value
        except KeyringError:
            kept = False
        if not kept:
            raise _no_keyring()

    def remove(self, name: str) -> None:
        """Forget the secret, if there is one."""
        import keyring
        from keyring.errors import KeyringError, PasswordDeleteError

        try:
            keyring.delete_password(SERVICE, self._user(name))
        except PasswordDeleteError:
            return
        except KeyringError:
            raise _no_keyring() from None


def _no_keyring() -> CredentialsError:
    return CredentialsError(
        "The keyring of this computer cannot be opened.",
        "Unlock it and try again. A computer without a keyring needs a workspace with a passphrase.",
    )


def has_keyring() -> bool:
    """Whether this computer has a keyring that can be used at all; it is not opened for the question."""
    import keyring

    return keyring.get_keyring().priority >= 1


class SealedFile(KeyStore):
    """``keys.sealed``, or another operator's: a JSON object under AES-256-GCM, with a key that Argon2id makes of a passphrase.

    The passphrase is asked for once, when the first secret is needed. Other processes may write the file too: each change
    reads it again under a lock.
    """

    def __init__(self, folder: Path, passphrase: Callable[[], str], name: str = SEALED) -> None:
        self._path = folder / name
        self._ask = passphrase
        self._opened: tuple[dict[str, Any], bytes] | None = None
        self._lock = threading.RLock()

    @classmethod
    def create(cls, folder: Path, passphrase: str, name: str = SEALED) -> SealedFile:
        """An empty one. ``UsageError`` for an empty passphrase."""
        if not passphrase:
            raise UsageError("The passphrase is empty.", "Choose one that nobody guesses, and keep it: it cannot be reset.")
        store = cls(folder, lambda: passphrase, name)
        kdf = {"name": "argon2id", "salt": _b64(secrets.token_bytes(16)), "memory_kib": _MEMORY_KIB}
        kdf |= {"iterations": _ITERATIONS, "lanes": _LANES}
        store._opened = kdf, _derive(kdf, passphrase)
        store._write({})
        return store

    def get(self, name: str) -> str | None:
        """The secret, or ``None``."""
        with self._lock:
            return self._read().get(name)

    def put(self, name: str, value: str) -> None:
        """Keep the secret."""
        with self._lock, locked_file(self._path.with_name(f".{self._path.name}.lock")):
            self._write(self._read() | {name: value})

    def remove(self, name: str) -> None:
        """Forget the secret, if there is one."""
        with self._lock, locked_file(self._path.with_name(f".{self._path.name}.lock")):
            kept = self._read()
            if kept.pop(name, None) is not None:
                self._write(kept)

    def _read(self) -> dict[str, str]:
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        with reading(self._path):
            data = self._path.read_bytes()
        try:
            kdf, nonce, sealed = _parts(json.loads(data))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise _broken(self._path) from None
        if self._opened is None or self._opened[0] != kdf:
            self._opened = kdf, _derive(kdf, self._ask())
        try:
            secrets_: dict[str, str] = json.loads(AESGCM(self._opened[1]).decrypt(nonce, sealed, _associated(kdf)))
        except (InvalidTag, ValueError):
            self._opened = None
            raise CredentialsError(
                "The passphrase does not open this workspace.", "Type it again. Nothing was changed, and nothing is lost."
            ) from None
        return secrets_

    def _write(self, kept: dict[str, str]) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        if self._opened is None:
            raise RuntimeError("a sealed file is read before it is written")
        kdf, key = self._opened
        nonce = secrets.token_bytes(12)
        sealed = AESGCM(key).encrypt(nonce, json.dumps(kept).encode("ascii"), _associated(kdf))
        file = {"v": 1, "kdf": kdf, "nonce": _b64(nonce), "sealed": _b64(sealed)}
        write_atomically(self._path, json.dumps(file, indent=1).encode("ascii") + b"\n", private=True)


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _associated(kdf: dict[str, Any]) -> bytes:
    return b"dsr-desk/keys/v1\n" + json.dumps(kdf, sort_keys=True).encode("ascii")


def _broken(path: Path) -> TamperedError:
    return TamperedError(
        f"{path} is not a key file any more.", "Restore it from a backup: without it nothing sealed can be opened."
    )


def _parts(file: Any) -> tuple[dict[str, Any], bytes, bytes]:
    """Parameters, nonce and ciphertext; ``ValueError``, ``KeyError`` or ``TypeError`` for any other file."""
    if file.keys() != {"v", "kdf", "nonce", "sealed"} or file["v"] != 1:
        raise ValueError("another file")
    _check_kdf(file["kdf"])
    return file["kdf"], base64.b64decode(file["nonce"], validate=True), base64.b64decode(file["sealed"], validate=True)


def _check_kdf(kdf: Any) -> None:
    """Bounds, so that a changed file can't make the program take all memory or hours."""
    limits = {"memory_kib": (8 * 1024, 1024 * 1024), "iterations": (1, 20), "lanes": (1, 16)}
    if kdf["name"] != "argon2id" or any(type(kdf[k]) is not int or not low <= kdf[k] <= high for k, (low, high) in limits.items()):
        raise ValueError("unknown parameters")
    if len(base64.b64decode(kdf["salt"], validate=True)) != 16:
        raise ValueError("unknown parameters")


def _derive(kdf: dict[str, Any], passphrase: str) -> bytes:
    """Argon2id (RFC 9106); the passphrase in NFC, because keyboards write an umlaut in two ways."""
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    text = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    salt = base64.b64decode(kdf["salt"])
    cost = {"iterations": kdf["iterations"], "lanes": kdf["lanes"], "memory_cost": kdf["memory_kib"]}
    with _deriving:
        return Argon2id(salt=salt, length=32, **cost).derive(text)

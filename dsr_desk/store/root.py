"""The root key, which admits operators and ends their keys: away from the desk, under a recovery code that a person keeps on paper.

``root.sealed`` is a small JSON object: the private key under AES-256-GCM, with a key that HKDF-SHA-256 makes of the code. The code
has 130 random bits, so no slow derivation is needed. Whoever has the folder and the passphrase of an operator, but not the code,
can admit nobody.
"""

from __future__ import annotations

import base64
import json
import secrets
from hashlib import sha256
from pathlib import Path

from dsr_desk.errors import CredentialsError, TamperedError, UsageError
from dsr_desk.model.trail import Signer
from dsr_desk.store.files import reading, write_atomically
from dsr_desk.store.signers import load_signer
from dsr_desk.store.trail import TrailFormat
from dsr_desk.store.vault import seal, unseal

#: The file in the workspace that the recovery code opens.
ROOT_FILE = "root.sealed"
#: Crockford's base 32: no letter that looks like a figure or like another letter.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans("OIL", "011")
_RANDOM, _CHECK, _GROUP = 26, 2, 4


def new_code() -> str:
    """A recovery code: seven groups of four letters and figures, the last two of which catch a typing mistake."""
    return _with_check("".join(secrets.choice(_LETTERS) for _ in range(_RANDOM)))


def plain_code(typed: str) -> str:
    """A recovery code in its one form, however it was typed; ``UsageError`` where it can't be one."""
    plain = "".join(c for c in typed.upper() if c.isalnum()).translate(_MISREAD)
    if len(plain) != _RANDOM + _CHECK or set(plain) - set(_LETTERS) or _with_check(plain[:_RANDOM]).replace("-", "") != plain:
        raise UsageError(
            "That is not a recovery code: it has a typing mistake, or a part is missing.",
            "Type all seven groups of four as they stand on the recovery sheet.",
        )
    return plain


def _with_check(plain: str) -> str:
    number = int.from_bytes(sha256(b"dsr-desk/recovery/v1\n" + plain.encode("ascii")).digest()[:2], "big")
    whole = plain + _LETTERS[number >> 5 & 31] + _LETTERS[number & 31]
    return "-".join(whole[i : i + _GROUP] for i in range(0, len(whole), _GROUP))


def new_root(form: TrailFormat) -> tuple[Signer, bytes]:
    """A fresh root: who signs, and its 32 private bytes."""
    private = secrets.token_bytes(32)
    return load_signer(private, form), private


def seal_root(folder: Path, log: str, private: bytes, code: str) -> None:
    """Write the root's file, durably."""
    salt = secrets.token_bytes(16)
    sealed = seal(_key(code, salt), private, "root", log)
    file = {"v": 1, "salt": base64.b64encode(salt).decode("ascii"), "sealed": base64.b64encode(sealed).decode("ascii")}
    write_atomically(folder / ROOT_FILE, json.dumps(file, indent=1).encode("ascii") + b"\n", private=True)


def open_root(folder: Path, log: str, form: TrailFormat, code: str) -> Signer:
    """The root, for as long as it is needed.

    ``UsageError`` for a code with a typing mistake, ``CredentialsError`` for another workspace's, ``TamperedError`` where the
    file is none any more.
    """
    plain = plain_code(code)
    path = folder / ROOT_FILE
    with reading(path):
        data = path.read_bytes()
    try:
        file = json.loads(data)
        salt, sealed = (base64.b64decode(file[name], validate=True) for name in ("salt", "sealed"))
    except (ValueError, KeyError, TypeError):
        raise TamperedError(f"{path} is not the root's file any more.", "Restore it from a backup.") from None
    try:
        private = unseal(_key(plain, salt), sealed, "root", log)
    except TamperedError:
        raise CredentialsError(
            "This recovery code does not open the root of this workspace.", "Take the sheet that was printed for this workspace."
        ) from None
    return load_signer(private, form)


def no_code() -> CredentialsError:
    """The root is asked for without its code."""
    return CredentialsError(
        "Who works here is recorded with the root key, and that needs the recovery code.",
        "Type the code from the recovery sheet of this workspace.",
    )


def _key(code: str, salt: bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), 32, salt, b"dsr-desk/root/v1").derive(plain_code(code).encode("ascii"))

"""Tokens: the value itself, encrypted, so that the request's safe lock can tell what each one stood for until it is shredded.

Deterministic authenticated encryption (AES-SIV, RFC 5297) of the value's text: one value is one token in every system, and nobody
without the key can tell anything but its length and which tokens are the same, or make one.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from collections.abc import Mapping
from typing import Any, ClassVar

from dsr_desk.errors import RefusedError
from dsr_desk.model.schema import Column
from dsr_desk.model.values import Value, as_text
from dsr_desk.strategies.base import GROUND, Parameter, Strategy, UnfitError

#: How every token begins.
MARK = "tok_"
_TOKEN = re.compile(r"tok_[A-Za-z0-9_-]{23,}")
_ABOUT = [b"dsr-desk/token/v1"]
#: The version stands before the text, so that the empty text can be encrypted, too.
_VERSION = b"\x01"


class Token(Strategy):
    """The value, encrypted: the safe lock says what it stood for, until it is shredded."""

    name = "token"
    takes = frozenset({"text"})
    parameters: ClassVar[Mapping[str, Parameter]] = {"ground": GROUND}
    in_law = "pseudonymised"
    reversible = True

    def value(self, before: Value, column: Column, params: Mapping[str, Any], key: bytes) -> Value:
        """``tok_`` and base64url (RFC 4648 section 5); NULL stays NULL, and a token of this very lock stays as it is.

        ``UnfitError`` where the token of this value doesn't fit into the column.
        """
        text = as_text(before)
        if text is None or (text.startswith(MARK) and _opened(text, key) is not None):
            return before
        sealed = _cipher(key).encrypt(_VERSION + text.encode("utf-8", "surrogatepass"), _ABOUT)
        token = MARK + base64.urlsafe_b64encode(sealed).decode("ascii").rstrip("=")
        if column.length is not None and len(token) > column.length:
            raise UnfitError(
                f"a token of one of its values has {len(token)} characters, and the column takes {column.length}",
                "Widen the column, or use a pseudonym: it is short, and can't be undone",
            )
        return token

    def wrote(self, value: Value) -> bool:
        """Whether it is written as a token is, of whatever lock."""
        return isinstance(value, str) and bool(_TOKEN.fullmatch(value))

    def back(self, value: Value, column: Column, params: Mapping[str, Any], key: bytes) -> Value:
        """The text that became this token under this key; ``RefusedError`` for another text, and under another key."""
        text = _opened(value, key) if isinstance(value, str) else None
        if text is None:
            raise RefusedError("This is no token of this safe lock.", "Open the lock of the request that wrote it.")
        return text


def _cipher(key: bytes) -> Any:
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV  # slow to load, and few catalogs have tokens

    return AESSIV(hmac.digest(key, b"dsr-desk/token/v1", "sha512"))


def _opened(token: str, key: bytes) -> str | None:
    """What the token stands for; ``None`` for what isn't one of this key."""
    from cryptography.exceptions import InvalidTag

    if not _TOKEN.fullmatch(token):
        return None
    body = token.removeprefix(MARK)
    try:
        sealed = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
        plain: bytes = _cipher(key).decrypt(sealed, _ABOUT)
    except (InvalidTag, binascii.Error, ValueError):
        return None
    return plain.removeprefix(_VERSION).decode("utf-8", "surrogatepass")

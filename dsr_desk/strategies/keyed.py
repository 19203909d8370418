"""Keyed words: the same value becomes the same word in every system of one request, under a key that is destroyed at its close."""

from __future__ import annotations

import hashlib
import hmac
from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from dsr_desk.model.schema import Column
from dsr_desk.model.values import Value, as_text
from dsr_desk.strategies.base import KEYED, Parameter, Strategy, digest, one_of, text

#: Hex digits of a pseudonym when the column has room: 2^-48 for a collision between two people.
_DIGITS = 12
_FEWEST = 8
_ALGORITHMS = {"sha256": 64, "sha512": 128}


class _Word(Strategy):
    """A word and a suffix (``@erased.invalid`` keeps the form of an address; RFC 2606 reserves ``.invalid``)."""

    takes = frozenset({"text"})
    in_law = "changed"

    def value(self, before: Value, column: Column, params: Mapping[str, Any], key: bytes) -> Value:
        """The word of the value's text under the key, with the suffix; NULL stays NULL."""
        old = as_text(before)
        if old is None:
            return None
        suffix = params.get("suffix", "")
        turn = 0
        while (word := self._word(old, column, params, key, turn) + suffix) == old:
            turn += 1
        return word

    @abstractmethod
    def _word(self, old: str, column: Column, params: Mapping[str, Any], key: bytes, turn: int) -> str:
        """The word without its suffix."""


class Pseudonym(_Word):
    """A word of twelve hex digits, and a suffix: ``e7c19b03d2aa@erased.invalid``."""

    name = "pseudonym"
    parameters: ClassVar[Mapping[str, Parameter]] = {"suffix": text(), **KEYED}

    def _word(self, old: str, column: Column, params: Mapping[str, Any], key: bytes, turn: int) -> str:
        room = _DIGITS if column.length is None else min(_DIGITS, column.length - len(params.get("suffix", "")))
        return digest(key, "pseudonym", old, turn).hex()[:room]

    def refuses(self, column: Column, params: Mapping[str, Any]) -> tuple[str, str] | None:
        """A column without room for eight digits and the suffix can't tell two people apart."""
        wrong = super().refuses(column, params)
        if wrong is None and column.length is not None and column.length - len(params.get("suffix", "")) < _FEWEST:
            return (f"a pseudonym with its suffix doesn't fit into {column.length} characters", "Choose a shorter suffix")
        return wrong


class _Digest(_Word):
    parameters: ClassVar[Mapping[str, Parameter]] = {"algorithm": one_of(*_ALGORITHMS), "suffix": text(), **KEYED}

    def refuses(self, column: Column, params: Mapping[str, Any]) -> tuple[str, str] | None:
        """A digest is written whole or not at all."""
        wrong = super().refuses(column, params)
        if wrong is None and column.length is not None:
            size = _ALGORITHMS[params.get("algorithm", "sha256")] + len(params.get("suffix", ""))
            if size > column.length:
                return (
                    f"{self.name} writes {size} characters, and the column takes {column.length}",
                    "Use a pseudonym: it is short",
                )
        return wrong


class Hash(_Digest):
    """A hash of the value, salted with the key (an unsalted one falls to guessing), as hex digits."""

    name = "hash"

    def _word(self, old: str, column: Column, params: Mapping[str, Any], key: bytes, turn: int) -> str:
        data = key + turn.to_bytes(4, "big") + old.encode("utf-8", "surrogatepass")
        return hashlib.new(params.get("algorithm", "sha256"), data).hexdigest()


class Hmac(_Digest):
    """A keyed digest of the value (HMAC, RFC 2104), as hex digits."""

    name = "hmac"

    def _word(self, old: str, column: Column, params: Mapping[str, Any], key: bytes, turn: int) -> str:
        data = turn.to_bytes(4, "big") + old.encode("utf-8", "surrogatepass")
        return hmac.digest(key, data, params.get("algorithm", "sha256")).hex()

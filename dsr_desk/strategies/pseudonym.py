"""Keyed replacements: the same value becomes the same word in every system of one request, under a key destroyed with it."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any, ClassVar

from dsr_desk.model.schema import Column
from dsr_desk.model.values import Value, as_text
from dsr_desk.strategies.base import Strategy

#: Hex digits of a pseudonym when the column has room: 2^-48 for a collision between two people.
_DIGITS = 12


class Pseudonym(Strategy):
    """A random-looking word and a suffix: ``e7c19b03d2aa@erased.invalid`` (RFC 2606 reserves ``.invalid``)."""

    name = "pseudonym"
    takes = frozenset({"text"})
    parameters: ClassVar[Mapping[str, bool]] = {"suffix": False}
    in_law = "changed"

    def value(self, before: Value, column: Column, params: Mapping[str, Any], key: bytes) -> Value:
        """HMAC-SHA-256 of the value's text under the request's key, as hex, with the suffix; NULL stays NULL."""
        text = as_text(before)
        if text is None:
            return None
        suffix = str(params.get("suffix", ""))
        room = _DIGITS if column.length is None else min(_DIGITS, column.length - len(suffix))
        return hmac.new(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:room] + suffix

    def refuses(self, column: Column, params: Mapping[str, Any]) -> tuple[str, str] | None:
        """A column without room for eight digits and the suffix can't tell two people apart."""
        if column.length is not None and column.length - len(str(params.get("suffix", ""))) < 8:
            return (f"a pseudonym with its suffix doesn't fit into {column.length} characters", "Choose a shorter suffix")
        return super().refuses(column, params)

"""Masks: stars for letters and digits, with a few of them left."""

from __future__ import annotations

import string
from collections.abc import Mapping
from typing import Any, ClassVar

from dsr_desk.model.schema import Column
from dsr_desk.model.values import Value, as_text
from dsr_desk.strategies.base import Parameter, Strategy, whole

_STAYS = frozenset(string.punctuation + string.whitespace)


class Mask(Strategy):
    """Stars for all but the first or last characters; blanks and punctuation stay, the length too."""

    name = "mask"
    takes = frozenset({"text"})
    parameters: ClassVar[Mapping[str, Parameter]] = {"keep_last": whole(0, 64), "keep_first": whole(0, 64)}
    in_law = "changed"

    def value(self, before: Value, column: Column, params: Mapping[str, Any], key: bytes) -> Value:
        """Letters and digits become ``*`` but for those that are kept; NULL and the empty text stay.

        Where more than half of them would be kept, none is: a short text would be hardly masked. A text that has none is
        masked whole; one that only has stars gets ``#``.
        """
        text = as_text(before)
        if not text:
            return before
        places = [i for i, c in enumerate(text) if c not in _STAYS]
        first, last = params.get("keep_first", 0), params.get("keep_last", 0)
        kept = {*places[:first], *places[len(places) - last :]} if 2 * (first + last) <= len(places) else set()
        masked = "".join(c if c in _STAYS or i in kept else "*" for i, c in enumerate(text))
        if masked == text:
            masked = "".join(c if c.isspace() else "*" for c in text)
        return masked if masked != text else "#" * len(text)

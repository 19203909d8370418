"""What a command gives: its exit status, its JSON document, and its lines of text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Answer = tuple[int, Any, Iterable[str]]

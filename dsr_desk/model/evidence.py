"""What making evidence gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Evidence:
    """A bundle or a receipt that was written: the file, its SHA-256 and that of the script in it (hex), and its trail entry.

    ``password`` opens an encrypted one; it stands here and nowhere else.
    """

    path: Path
    sha256: str
    verifier_sha256: str
    entry: int
    password: str = field(default="", repr=False)

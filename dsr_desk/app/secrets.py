"""Asking a person for a secret in the terminal, where the environment doesn't give it."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path

from dsr_desk.app.passphrase import NEW_PASSPHRASE, RECOVERY, SAMPLE_FILE, SAMPLE_RECOVERY, from_environment
from dsr_desk.errors import CredentialsError, UsageError

_SHORTEST = 8


def recovery_code(folder: Path) -> str:
    """The recovery code of a workspace: from the environment, the sample's own, or a prompt."""
    known = from_environment(RECOVERY)
    if known:
        return known
    if (folder / SAMPLE_FILE).exists():
        return SAMPLE_RECOVERY
    if not sys.stdin.isatty():
        raise CredentialsError(
            "Who works here is recorded with the root key, and that needs the recovery code.",
            f"Give it in {RECOVERY}, or run this in a terminal.",
        )
    return getpass.getpass("Recovery code: ")


def new_passphrase(prompt: str) -> str:
    """A passphrase that somebody chooses now: from the environment, or typed twice."""
    known = from_environment(NEW_PASSPHRASE)
    if known is not None:
        return known
    if not sys.stdin.isatty():
        raise CredentialsError(
            "The new operator needs a passphrase of their own.", f"Give it in {NEW_PASSPHRASE}, or run this in a terminal."
        )
    first = getpass.getpass(prompt)
    if len(first) < _SHORTEST or first != getpass.getpass("Once more: "):
        raise UsageError(f"The passphrases differ, or have fewer than {_SHORTEST} characters.", "Start again.")
    return first

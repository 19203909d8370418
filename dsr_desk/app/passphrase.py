"""Where passphrases and recovery codes come from without a prompt."""

from __future__ import annotations

import os

#: Unlocks or makes a workspace without a prompt; it leaves the environment once read.
PASSPHRASE = "DSR_DESK_PASSPHRASE"  # noqa: S105  # the name of a variable
#: What the sample company is locked with: everything in it is invented, and the program says so.
SAMPLE_PASSPHRASE = "sample"  # noqa: S105  # published on purpose
#: The recovery code of its root, published as well.
SAMPLE_RECOVERY = "SAMP-1EC0-MPAN-Y0NE-VERS-ECRE-T0V3"
SAMPLE_FILE = "SAMPLE"
#: The recovery code of the workspace, and the passphrase that a new operator chooses; they leave the environment once read.
RECOVERY = "DSR_DESK_RECOVERY"
NEW_PASSPHRASE = "DSR_DESK_NEW_PASSPHRASE"  # noqa: S105  # the name of a variable


def passphrase_from_environment() -> str | None:
    """The passphrase in the environment, which forgets it."""
    return from_environment(PASSPHRASE)


def from_environment(name: str) -> str | None:
    """A secret in the environment, which forgets it."""
    return os.environ.pop(name, None)

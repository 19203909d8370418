"""Where a passphrase comes from without a prompt."""

from __future__ import annotations

import os

#: Unlocks or makes a workspace without a prompt; it leaves the environment once read.
PASSPHRASE = "DSR_DESK_PASSPHRASE"  # noqa: S105  # the name of a variable
#: What the sample company is locked with: everything in it is invented, and the program says so.
SAMPLE_PASSPHRASE = "sample"  # noqa: S105  # published on purpose
SAMPLE_FILE = "SAMPLE"


def passphrase_from_environment() -> str | None:
    """The passphrase in the environment, which forgets it."""
    return os.environ.pop(PASSPHRASE, None)

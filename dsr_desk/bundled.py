"""The one place that finds the data folders, in a wheel, in a checkout and in a bundle."""

from __future__ import annotations

from pathlib import Path


def bundled(name: str) -> Path:
    """The folder ``connectors`` or ``resources``: beside this file in a wheel, else at the top of the checkout.

    Raises ``FileNotFoundError`` where the installation lost it.
    """
    here = Path(__file__).resolve().parent
    for folder in (here / name, here.parent / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"the folder {name!r} is missing from this installation")

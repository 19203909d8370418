"""How the files of a package are called: by the request's reference, or by nothing but a number."""

from __future__ import annotations

import itertools
import re


class Names:
    """Names for files, each given once. None says whose data it is.

    With ``neutral`` a name is only a number (``01.json``): inside a zip names can be read without its password.
    """

    def __init__(self, reference: str, neutral: bool = False) -> None:
        self.stem = re.sub(r"[^A-Za-z0-9-]", "", reference)[:40] or "data"
        self._numbers = itertools.count(1) if neutral else None

    def of(self, part: str, ending: str) -> str:
        """``REFERENCE-PART.ENDING``, without the part where it is empty."""
        if self._numbers is not None:
            return f"{next(self._numbers):02}.{ending}"
        return f"{self.stem}-{part}.{ending}" if part else f"{self.stem}.{ending}"

    def told(self, what: str, ending: str) -> str:
        """The name of a file that every package has: ``REFERENCE-read-me.txt``, or ``read-me.txt``."""
        return f"{what}.{ending}" if self._numbers is not None else f"{self.stem}-{what}.{ending}"

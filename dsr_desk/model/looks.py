"""Letters of other scripts that are drawn like Latin ones: two texts may differ, and nobody who reads them sees it.

A small part of the confusables of UTS #39: the letters of the Cyrillic and the Greek alphabets that fonts draw like, or nearly
like, a Latin letter, capitals and small ones apart, for a capital can look like one and its small letter like none.
"""

from __future__ import annotations

import unicodedata

# fmt: off
_CYRILLIC = {
    "\u0410": "A", "\u0412": "B", "\u0421": "C", "\u0415": "E", "\u041d": "H", "\u0406": "I", "\u0408": "J", "\u041a": "K",
    "\u041c": "M", "\u041e": "O", "\u0420": "P", "\u0405": "S", "\u0422": "T", "\u0425": "X", "\u0423": "Y", "\u04ae": "Y",
    "\u0474": "V", "\u051c": "W", "\u051a": "Q", "\u050c": "G", "\u04c0": "I", "\u0430": "a", "\u0432": "b", "\u0441": "c",
    "\u0501": "d", "\u0435": "e", "\u04bb": "h", "\u043d": "h", "\u0456": "i", "\u0458": "j", "\u043a": "k", "\u04cf": "l",
    "\u043c": "m", "\u043e": "o", "\u0440": "p", "\u051b": "q", "\u0433": "r", "\u0455": "s", "\u0442": "t", "\u0475": "v",
    "\u051d": "w", "\u0445": "x", "\u0443": "y", "\u04af": "y",
}
_GREEK = {
    "\u0391": "A", "\u0392": "B", "\u0395": "E", "\u0396": "Z", "\u0397": "H", "\u0399": "I", "\u039a": "K", "\u039c": "M",
    "\u039d": "N", "\u039f": "O", "\u03a1": "P", "\u03a4": "T", "\u03a5": "Y", "\u03a7": "X", "\u03b1": "a", "\u03b2": "b",
    "\u03b3": "y", "\u03b5": "e", "\u03b7": "n", "\u03b9": "i", "\u03ba": "k", "\u03bd": "v", "\u03bf": "o", "\u03c1": "p",
    "\u03c4": "t", "\u03c5": "u", "\u03c7": "x", "\u03c9": "w", "\u03f2": "c", "\u03f9": "C", "\u03f3": "j", "\u037f": "J",
}
# fmt: on
_LATIN = str.maketrans(_CYRILLIC | _GREEK)


def looks(text: str) -> str:
    """The text in the Latin letters that it looks like; what looks like none stays. Letters and their accents come apart (NFKD)."""
    return unicodedata.normalize("NFKD", text).translate(_LATIN)

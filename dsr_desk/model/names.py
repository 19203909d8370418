"""Names of people: what two spellings have in common, and when they contradict each other."""

from __future__ import annotations

import re
import unicodedata

_UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe", "å": "aa", "œ": "oe", "þ": "th", "ð": "d"}
)
_PLAIN = str.maketrans({"ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "ł": "l", "đ": "d", "ı": "i", "þ": "th", "ð": "d"})
_APOSTROPHES = re.compile(r"['’ʼ`´]")
#: A word of a name in small ASCII letters: what is written with digits alone is none.
_ASCII_WORD = re.compile("[a-z0-9]+")
_TITLES = frozenset({"dr", "prof", "mr", "mrs", "ms", "miss", "herr", "frau", "hr", "fr", "mme", "mlle", "dipl", "ing"})

#: How alike two words of a name must be (0 to 100) to count as one word misspelt.
_TYPO = 85


def split_words(text: str) -> list[str]:
    """The words of a name: letters, digits and the marks that belong to them; what holds no letter is none."""
    spaced = "".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in text)
    return [word for word in spaced.split() if any(c.isalpha() for c in word)]


def spellings_of(letter: str) -> tuple[str, ...]:
    """How a letter is written in plain ASCII: ``ø`` as ``o`` and ``oe``."""
    return letter.translate(_PLAIN), letter.translate(_UMLAUTS)


def _strip_accents(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def _words(text: str) -> tuple[frozenset[str], ...]:
    """Each word of the name as the set of its ASCII spellings: ``Müller`` → ``{muller, mueller}``."""
    plain = _APOSTROPHES.sub("", unicodedata.normalize("NFC", text).lower())
    words = []
    for word in split_words(plain):
        spellings = {_strip_accents(word.translate(_PLAIN)), _strip_accents(word.translate(_UMLAUTS))}
        if not all(s.isascii() for s in spellings):
            from anyascii import anyascii  # other scripts only: 0.3 MB of tables

            spellings |= {"".join(filter(str.isalnum, anyascii(s).lower())) for s in spellings} - {""}
        words.append(frozenset(spellings))
    return tuple(words)


def normal_names(text: str) -> frozenset[str]:
    """The forms under which a full name is compared: words in alphabetical order, umlauts written both ways.

    ``"Müller, Maria"`` and ``"maria mueller"`` share a form. Empty for a text without a letter.
    """
    if text.isascii():  # nearly every name: there is one spelling
        ascii_words = sorted(w for w in _ASCII_WORD.findall(_APOSTROPHES.sub("", text.lower())) if not w.isdigit())
        return frozenset((" ".join(ascii_words),)) if ascii_words else frozenset()
    words = _words(text)
    if not words:
        return frozenset()
    plain = " ".join(sorted(min(w, key=lambda s: (len(s), s)) for w in words))
    expanded = " ".join(sorted(max(w, key=lambda s: (len(s), s)) for w in words))
    return frozenset({plain, expanded})


def _same_word(a: frozenset[str], b: frozenset[str]) -> bool:
    if a & b:
        return True
    if any(len(x) == 1 and y.startswith(x) for x in a for y in b):
        return True
    if any(len(y) == 1 and x.startswith(y) for x in a for y in b):
        return True
    from rapidfuzz.fuzz import ratio

    return any(len(x) > 3 and len(y) > 3 and ratio(x, y) >= _TYPO for x in a for y in b)


def names_agree(a: str, b: str) -> bool:
    """Whether two names can be one person's: every word of the shorter has its like in the longer.

    Initials, umlauts, order, titles and one typing error are no contradiction; another first name is. A name without
    letters agrees with everything, because it says nothing.
    """
    words_a = [w for w in _words(a) if not w & _TITLES]
    words_b = [w for w in _words(b) if not w & _TITLES]
    short, long = sorted((words_a, words_b), key=len)
    left = list(long)
    unlike = []
    for word in short:  # equal words first, so that an initial can't take the place of a whole name
        equal = next((w for w in left if word & w), None)
        if equal is None:
            unlike.append(word)
        else:
            left.remove(equal)
    for word in unlike:
        like = next((w for w in left if _same_word(word, w)), None)
        if like is None:
            return False
        left.remove(like)
    return True

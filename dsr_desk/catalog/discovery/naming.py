"""Names of tables and columns as words: split, without accents, singular or plural, in several languages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from anyascii import anyascii

from dsr_desk.catalog.discovery.wordlists import listed

_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
#: What stands in a name to say that it names a row: ``customer_id``, ``KundenNr``, ``fk_client``.
KEY_WORDS = listed("keys")
#: Of these, what is also written without any separator: ``custid``, ``kundennr``.
_GLUED = ("uuid", "guid", "nummer", "number", "uid", "num", "id", "nr", "no", "key", "code", "ref", "cod", "fk")
_SHORTEST_STEM = 3
#: What stands before the name of a table and says nothing.
_TABLE_MARKS = listed("table marks")


@lru_cache(maxsize=100_000)
def words(name: str) -> tuple[str, ...]:
    """``CustomerID`` and ``customer_id`` → ``("customer", "id")``; accents and other scripts become ASCII letters."""
    plain = anyascii(name.replace("ß", "ss").replace("ä", "ae").replace("ö", "oe").replace("ü", "ue"))
    return tuple(part.lower() for part in _PARTS.findall(plain))


@lru_cache(maxsize=100_000)
def forms(word: str) -> frozenset[str]:
    """The singulars that a word may have, itself among them: ``companies`` → ``company``; ``kunden`` → ``kunde``, ``kund``."""
    found = {word}
    for end, instead in _PLURALS:
        if word.endswith(end) and len(word) - len(end) >= _SHORTEST_STEM - (end in ("s", "es")):
            found.add(word.removesuffix(end) + instead)
    if word in _IRREGULAR:
        found.add(_IRREGULAR[word])
    return frozenset(found)


_PLURALS = (
    ("ies", "y"), ("es", ""), ("s", ""), ("en", ""), ("n", ""), ("i", "o"), ("i", "e"), ("i", ""), ("e", "a"), ("y", "a"),
    ("aux", "al"), ("nnen", "n"), ("ow", ""), ("y", ""),
)  # fmt: skip
_IRREGULAR = {"people": "person", "children": "child", "personas": "persona", "leute": "person", "gens": "person"}


def alike(one: str, other: str) -> bool:
    """Whether two words are one word in singular or plural."""
    return one == other or not forms(one).isdisjoint(forms(other))


def joined(parts: Iterable[str]) -> str:
    """Words as one, as lexicons write them."""
    return "".join(parts)


def stem(parts: tuple[str, ...]) -> tuple[tuple[str, ...], bool]:
    """What a column's name says beyond naming a row, and whether it does: ``fk_customer_id`` → ``("customer",), True``."""
    rest = list(parts)
    marked = False
    while len(rest) > 1 and rest[0] in KEY_WORDS:
        rest.pop(0)
        marked = True
    while rest and (rest[-1] in KEY_WORDS or (rest[-1].isdigit() and len(rest) > 1)):
        marked = marked or rest[-1] in KEY_WORDS
        rest.pop()
    if rest and not marked:
        for end in _GLUED:
            if rest[-1].endswith(end) and len(rest[-1]) - len(end) >= _SHORTEST_STEM and rest[-1] not in _NOT_GLUED:
                rest[-1] = rest[-1].removesuffix(end)
                return tuple(rest), True
    return tuple(rest), marked


_NOT_GLUED = listed("not glued")


def bare(parts: tuple[str, ...], common: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The words of a table's name without the prefix that all tables share (``wp_users`` → ``users``)."""
    rest = parts[len(common) :] if common and parts[: len(common)] == common and len(parts) > len(common) else parts
    while len(rest) > 1 and rest[0] in _TABLE_MARKS:
        rest = rest[1:]
    return rest


def common_prefix(names: Iterable[str]) -> tuple[str, ...]:
    """The words with which nearly all names begin; nothing where there are few names."""
    all_words = [words(name) for name in names]
    found: tuple[str, ...] = ()
    while len(all_words) > 2:  # two tables may share a word that says something
        firsts = [parts[: len(found) + 1] for parts in all_words if len(parts) > len(found) + 1]
        if not firsts:
            break
        most = max(set(firsts), key=firsts.count)
        if firsts.count(most) < 0.9 * len(all_words):
            break
        found = most
    return found

"""Counting many texts in bytes gives what counting each alone gives."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from dsr_desk.model.needles import count, places

LETTERS = st.binary(min_size=1, max_size=6).map(lambda b: bytes(b"ab\x00]-^"[x % 6] for x in b))
FILLER = [b"zz%d" % n for n in range(40)]


@given(st.sets(LETTERS, min_size=1, max_size=6), st.lists(LETTERS, max_size=20), st.integers(1, 7))
def test_many_as_each_alone(texts: set[bytes], pieces: list[bytes], size: int) -> None:
    """The texts have at most one way to overlap themselves left out: both count from the front."""
    data = b"".join(pieces)
    alone = Counter({t: n for t in texts if (n := data.count(t))})
    assert count([*texts, *FILLER], [data]) == alone
    assert count(texts, [data]) == alone
    for wanted in (texts, {*texts, *FILLER}):
        found = list(places(wanted, [data[at : at + size] for at in range(0, len(data), size)]))
        assert all(data[at : at + len(text)] == text for at, text in found)
        assert set(found) == set(places(wanted, [data]))


@given(st.lists(st.sampled_from([b"maria@x.org", b"Hofer, M", b"..", b"\xff\n"]), max_size=30), st.integers(1, 30))
def test_what_stands_across_two_parts_is_counted_once(pieces: list[bytes], size: int) -> None:
    data = b"".join(pieces)
    parts = [data[at : at + size] for at in range(0, len(data), size)]
    for texts in ([b"maria@x.org", b"Hofer, M"], [b"maria@x.org", b"Hofer, M", *(b"maria@y%d.org" % n for n in range(40))]):
        assert count(texts, parts) == Counter({t: n for t in texts if (n := data.count(t))})


def test_nothing_is_looked_for() -> None:
    assert count([], [b"abc"]) == Counter()

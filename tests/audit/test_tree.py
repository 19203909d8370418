from __future__ import annotations

from hashlib import sha256

from dsr_desk.audit.tree import Frontier, Past, grow, leaf_hash, root


def by_definition(leaves: list[bytes]) -> bytes:
    """MTH as RFC 6962 section 2.1 writes it."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + by_definition(leaves[:k]) + by_definition(leaves[k:])).digest()


def test_growing_gives_the_tree_of_the_rfc() -> None:
    leaves = [f"entry {n}".encode() for n in range(70)]
    frontier: Frontier = ()
    for n, leaf in enumerate(leaves):
        assert root(frontier) == by_definition(leaves[:n])
        frontier = grow(frontier, n, leaf_hash(leaf))
        assert len(frontier) == (n + 1).bit_count()


def test_the_vectors_of_certificate_transparency() -> None:
    leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    frontier: Frontier = ()
    for n, leaf in enumerate(leaves):
        frontier = grow(frontier, n, leaf_hash(bytes.fromhex(leaf)))
    assert root(frontier).hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def test_every_root_that_a_tree_had_is_found_again() -> None:
    leaves = [sha256(b"%d" % n).digest() for n in range(1200)]
    frontier: Frontier = ()
    past, roots = Past(), [root(())]
    for n, leaf in enumerate(leaves):
        past.add(frontier, n, leaf)
        frontier = grow(frontier, n, leaf)
        roots.append(root(frontier))
    for size in [*range(70), *range(500, 530), *range(1015, 1030), 1199, 1200]:
        assert past.root_at(size) == roots[size]
    assert [past.leaf(1), past.leaf(1200)] == [leaves[0], leaves[-1]]

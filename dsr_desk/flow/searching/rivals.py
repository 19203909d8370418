"""Several rows of one kind, where one person has only one: what was given may lead to different people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from dsr_desk.model.finding import RowRef

#: A subject's collection: system and name.
Kind = tuple[str, str]


def kind_of(ref: RowRef) -> Kind:
    """The collection a row is of."""
    return ref[:2]


def by_kind(refs: Iterable[RowRef]) -> dict[Kind, list[RowRef]]:
    """Rows by their collection, in their order."""
    grouped: dict[Kind, list[RowRef]] = {}
    for ref in refs:
        grouped.setdefault(kind_of(ref), []).append(ref)
    return grouped


def rivals_among(leads: Iterable[Iterable[RowRef]]) -> dict[Kind, list[frozenset[RowRef]]]:
    """Kinds of which the given identifiers lead to more than one person: kind → the people each identifier leads to."""
    each: dict[Kind, list[frozenset[RowRef]]] = {}
    for people in leads:
        for kind, refs in by_kind(people).items():
            each.setdefault(kind, []).append(frozenset(refs))
    return {kind: sets for kind, sets in each.items() if len(frozenset().union(*sets)) > 1}


def settle(
    kind: Kind, each: Sequence[frozenset[RowRef]], chosen: Iterable[RowRef], bears: Callable[[RowRef], bool]
) -> frozenset[RowRef]:
    """Which of several rivals is the person: those that were ``chosen``, or the one that everything given leads to.

    ``bears`` says whether a row has a name or a date of birth that was given, too, and tells those apart. Empty: can't be told.
    """
    named = frozenset(ref for ref in chosen if kind_of(ref) == kind)
    if named:
        return named
    common = frozenset.intersection(*each)
    if len(common) > 1:
        common = frozenset(filter(bears, common))
    return common if len(common) == 1 else frozenset()

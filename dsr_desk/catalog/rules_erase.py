"""The rules over one ``erase:``: the strategy is known, its settings are right, and what stays linkable has a ground."""

from __future__ import annotations

from collections.abc import Iterator

from dsr_desk.catalog.build import Strategies
from dsr_desk.catalog.problem import Problem, did_you_mean, join, quote
from dsr_desk.catalog.source import Source
from dsr_desk.model.catalog import Collection, Erase, Field
from dsr_desk.model.schema import Column
from dsr_desk.strategies.base import Misuse, Strategy


def check_erase(
    collection: Collection, field: Field, erase: Erase, source: Source, path: tuple[object, ...], strategies: Strategies
) -> Iterator[Problem]:
    """What is wrong with the strategy of one field; ``path`` leads to its ``erase:``."""
    strategy = strategies.get(erase.strategy)
    if strategy is None:
        hint = did_you_mean(erase.strategy, strategies) or f"There are {join(sorted(strategies))}."
        yield source.error(path, f"There is no strategy {quote(erase.strategy)}.", hint)
        return
    inside = (*path, erase.strategy)
    misuses = list(strategy.misuses(erase.params))
    for misuse in misuses:
        yield _misuse(strategy, erase, misuse, source, path)
    if misuses:
        return
    if refused := strategy().refuses(Column(field.name, "any"), strategy().settled(erase.params, field)):
        why, cure = refused
        yield source.error(inside, f"{quote(field.name)}: {why}.", f"{cure.rstrip('.')}.")
    elif strategy.law(erase.params) == "pseudonymised" and "ground" not in erase.params and collection.keep is None:
        yield source.error(
            inside,
            f"{quote(field.name)}: what {strategy.name} writes here is personal data still (Art. 4(5)), and has no ground to stay.",
            'Write ground: "17(3)(b)" beside it, or keep: on the collection.',
        )


def _misuse(strategy: type[Strategy], erase: Erase, misuse: Misuse, source: Source, path: tuple[object, ...]) -> Problem:
    name, inside = misuse.name, (*path, erase.strategy)
    if name in erase.params and name not in strategy.parameters:
        known = f"It takes {join(strategy.parameters)}." if strategy.parameters else "It takes no settings."
        message = f"{strategy.name} has no setting {quote(name)}."
        return source.error((*inside, name), message, did_you_mean(name, strategy.parameters) or known, key=True)
    missing = next((n for n, p in strategy.parameters.items() if p.needed and n not in erase.params), None)
    if not name and missing:
        return source.error(path, f"{strategy.name} needs a setting.", f"Write erase: {{{strategy.name}: {missing.upper()}}}.")
    return source.error((*inside, name) if name else inside, f"{misuse.why}.", f"{misuse.cure}.")

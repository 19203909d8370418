"""How many of the true ownership edges a draft proposes, and how many wrong ones: ``python -m tests.catalog.discovery.measure``."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from dsr_desk.catalog.discovery import draft
from dsr_desk.drivers.sql import SqlDriver
from dsr_desk.model.catalog import System
from dsr_desk.model.guess import Draft
from tests.catalog.discovery import schemas

#: What discovery was tuned on, and what it was not: the figures of the second half are the ones that count.
TUNED = ("northwind", "sakila", "wordpress", "redmine", "webshop_de")
HELD_OUT = ("chinook", "adventureworkslt", "odoo", "mattermost", "discourse", "clinique_fr", "escuela_es")


@dataclass
class Score:
    """True edges that were proposed, that were missed, and what was proposed and is not true."""

    found: set[schemas.Edge]
    missed: set[schemas.Edge]
    wrong: set[schemas.Edge]

    @property
    def recall(self) -> float:
        return len(self.found) / (len(self.found) + len(self.missed))

    @property
    def false_share(self) -> float:
        """Which part of what was proposed is wrong."""
        return len(self.wrong) / (len(self.found) + len(self.wrong))


def drafted(file: Path) -> Draft:
    system = System("x", "sql", url=f"sqlite:///{file}")
    return draft(system, lambda s: SqlDriver(s, file.parent))


def score(made: Draft, truth: schemas.Truth) -> Score:
    proposed = set()
    for guess in made.guesses:
        if guess.topic == "owner" and guess.field:
            proposed |= {(guess.collection, guess.field, target) for target in schemas.proposed(guess.says)[1]}
    return Score(proposed & truth.edges, truth.edges - proposed, proposed - truth.edges - truth.either)


def measured(name: str, folder: Path) -> Score:
    file = folder / f"{name}.db"
    schemas.make(name, file)
    return score(drafted(file), schemas.truth(name))


def main() -> None:
    for half in (TUNED, HELD_OUT):
        if len(sys.argv) > 1 and sys.argv[1] == "tuned" and half is HELD_OUT:
            break
        totals = [0, 0, 0]
        for name in half:
            with tempfile.TemporaryDirectory() as folder:
                result = measured(name, Path(folder))
            print(f"{name:<18} {result.recall:6.1%} found, {result.false_share:6.1%} wrong")
            for what, edges in (("missed", result.missed), ("wrong", result.wrong)):
                for edge in sorted(edges):
                    print(f"    {what}: {edge[0]}.{edge[1]} → {edge[2]}")
            for at, edges in enumerate((result.found, result.missed, result.wrong)):
                totals[at] += len(edges)
        found, missed, wrong = totals
        print(f"{'all':<18} {found / (found + missed):6.1%} found, {wrong / (found + wrong):6.1%} wrong\n")


if __name__ == "__main__":
    main()

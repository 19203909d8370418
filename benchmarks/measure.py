"""Timing: ours and by hand alternately, so that a slow moment of the machine meets both."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One comparison, in ``unit`` (milliseconds); ``goal`` is a ratio, or units above by hand where ``over`` is set."""

    what: str
    ours: float
    hand: float
    goal: float
    over: bool = False
    unit: str = "ms"

    def line(self) -> str:
        """The figure as a line of the table, with its verdict in words."""
        ratio = self.ours / self.hand if self.hand else float("nan")
        met = self.ours - self.hand <= self.goal if self.over else ratio <= self.goal
        goal = f"≤ by hand + {self.goal:g} {self.unit}" if self.over else f"≤ {self.goal:g}"
        sides = f"{self.ours:>8.1f}{self.unit} {self.hand:>8.1f}{self.unit}"
        return f"{self.what:<66} {sides} {ratio:>7.2f}  {goal}{'' if met else '   NOT MET'}"


def once(job: Callable[[], object]) -> float:
    """How long one call takes, in milliseconds."""
    begun = time.perf_counter()
    job()
    return (time.perf_counter() - begun) * 1000


def pair(ours: Callable[[], object], hand: Callable[[], object], runs: int) -> tuple[float, float]:
    """The medians of both sides, run by turns after one run of each to warm up."""
    once(ours), once(hand)
    times = [(once(ours), once(hand)) for _ in range(runs)]
    return statistics.median(t[0] for t in times), statistics.median(t[1] for t in times)

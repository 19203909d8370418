"""``make bench``: every figure as a ratio, beside its goal. Medians of several runs; absolute times say nothing elsewhere."""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import discovery, erase, lists, many, memory, search, start, stream, trail
from benchmarks.measure import Figure
from dsr_desk.store.heads import STATE

PARTS: dict[str, Callable[[Path, int], Iterator[Figure]]] = {
    "search": search.figures,
    "erase": erase.figures,
    "many": many.figures,
    "lists": lists.figures,
    "memory": memory.figures,
    "trail": trail.figures,
    "start": start.figures,
    "stream": stream.figures,
    "discovery": discovery.figures,
}


def main() -> None:
    """Run the parts that were named, or all."""
    parser = argparse.ArgumentParser(prog="benchmarks")
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], default=[])
    parser.add_argument("--runs", type=int, default=7)
    arguments = parser.parse_args()
    print(f"{'what':<66} {'ours':>10} {'by hand':>10} {'ratio':>7}  goal")
    for name in arguments.parts or PARTS:
        with tempfile.TemporaryDirectory(prefix=f"dsr-desk-bench-{name}-") as folder:
            os.environ[STATE] = f"{folder}/.state"
            for figure in PARTS[name](Path(folder), arguments.runs):
                print(figure.line(), flush=True)


if __name__ == "__main__":
    main()

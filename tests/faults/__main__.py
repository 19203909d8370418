"""Every fault there is, and a table of them: ``python -m tests.faults [KIND …] [--seed N] [--sample N]``.

Exit status 1 where one went wrong or could not be tried here (no strace, no right to mount a small disk).
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import psycopg
import pytest

from tests.faults import kinds
from tests.faults.case import Case, Fault
from tests.faults.place import Place, light, prepared
from tests.servers import postgresql

#: How many work at once. Each has a place and a database of its own.
WORKERS = 2


@dataclass
class Row:
    """A line of the table."""

    tried: int = 0
    seconds: float = 0.0
    missed: int = 0
    wrong: list[str] = field(default_factory=list)


def main() -> int:
    asked = _arguments()
    if asked.share:
        return _share(asked)
    print(f"seed {asked.seed}", flush=True)
    began = time.monotonic()
    table: dict[str, Row] = {}
    with postgresql() as server:
        broken = not _together(asked, server, table)
    width = max([len("fault"), *map(len, table)])
    print(f"\n{'fault':{width}}  {'tried':>6}  {'wrong':>6}  {'missed':>6}  {'seconds':>8}")
    for kind, row in table.items():
        print(f"{kind:{width}}  {row.tried:>6}  {len(row.wrong):>6}  {row.missed:>6}  {row.seconds:>8.0f}")
    total = sum(row.tried for row in table.values())
    wrong = [text for row in table.values() for text in row.wrong]
    print(f"\n{total} faults in {time.monotonic() - began:.0f} s, {len(wrong)} gone wrong. Seed {asked.seed}.")
    print("Missed: the run did not come by that point a second time, and ended well.")
    for text in wrong[:50]:
        print(f"  {text}")
    return 1 if wrong or broken or not total else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"{', '.join(kinds.ALL)} (all)")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    parser.add_argument("--sample", type=int, default=0, help="about so many of each kind")
    parser.add_argument("--share", default="", help=argparse.SUPPRESS)
    parser.add_argument("--server", default="", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    for kind in asked.kinds:
        if kind not in kinds.ALL:
            parser.error(f"there is no kind {kind}")
    return asked


def _together(asked: argparse.Namespace, server: str, table: dict[str, Row]) -> bool:
    """Share the work out; whether every worker came to its end."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.faults", *asked.kinds]
    command += [f"--seed={asked.seed}", f"--sample={asked.sample}", f"--server={server}"]
    reading, writing = os.pipe()  # one for all: a line is shorter than what a pipe takes at once
    workers = [subprocess.Popen([*command, f"--share={n}/{WORKERS}"], stdout=writing) for n in range(WORKERS)]
    os.close(writing)
    with os.fdopen(reading) as lines:
        for line in lines:
            told = json.loads(line)
            row = table.setdefault(told["kind"], Row())
            row.tried += told["tried"]
            row.seconds += told["seconds"]
            row.missed += told["tried"] - told["happened"]
            if row.tried and row.tried % 200 == 0:
                print(f"{told['kind']}: {row.tried} so far, {len(row.wrong)} wrong", flush=True)
            for wrong in told["wrong"]:
                print(f"WRONG {told['kind']}: {told['name']}: {wrong}", flush=True)
            if told["wrong"]:
                row.wrong.append(f"{told['kind']}: {told['name']}: {told['wrong'][0]}")
    ends = [worker.wait() for worker in workers]
    return not any(ends)


def _share(asked: argparse.Namespace) -> int:
    """One worker: every n-th case, each told as a line of JSON."""
    light()
    number, of = map(int, asked.share.split("/"))
    with _database(asked.server, f"faults{number}") as database, _scratch() as folder:
        place = prepared(folder, database, kinds.rights())
        for kind in asked.kinds or kinds.ALL:
            try:
                for case in kinds.cases(place, [kind], asked.seed, asked.sample):
                    if zlib.crc32(case.name.encode()) % of == number:
                        _tell(case, place)
            except (pytest.skip.Exception, pytest.fail.Exception) as reason:
                if number == 0:
                    _tell(Case(kind, "all of it", partial(_not_tried, str(reason))), place)
    return 0


def _tell(case: Case, place: Place) -> None:
    began = time.monotonic()
    result = case.result(place)
    told = {
        "kind": case.kind,
        "name": case.name[:500],
        "tried": result.tried,
        "happened": int(result.happened),
        "wrong": [text[:300] for text in result.wrong[:5]],
        "seconds": time.monotonic() - began,
    }
    os.write(sys.stdout.fileno(), json.dumps(told).encode("ascii") + b"\n")


def _not_tried(reason: str, _: Place) -> Fault:
    return Fault(0, 0, [f"could not be tried here: {reason}"])


@contextmanager
def _database(server: str, name: str) -> Iterator[str]:
    with psycopg.connect(f"{server}/postgres", autocommit=True) as db:
        db.execute(f"CREATE DATABASE {name}")
    yield f"{server}/{name}"


@contextmanager
def _scratch() -> Iterator[Path]:
    """Memory where there is some: a kill leaves the same behind there, and thousands of fsyncs cost nothing."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="dsr-desk-faults-", dir=memory if os.access(memory, os.W_OK) else None) as folder:
        yield Path(folder)


if __name__ == "__main__":
    sys.exit(main())

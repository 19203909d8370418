"""A child that applies a pickled job and is killed on the way: ``python -m tests.drivers.crash JOB announced|committed``."""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dsr_desk.drivers._sql import applying
from dsr_desk.drivers.base import Run
from dsr_desk.drivers.sql import SqlDriver
from dsr_desk.model.plan import Work
from tests.drivers.contract import Place


def killed(place: Place, todo: Work, folder: Path, where: str) -> Mapping[str, Any]:
    """Apply in a child that is killed right before (``announced``) or right after (``committed``) its commit; its evidence."""
    job = folder / "job"
    job.write_bytes(pickle.dumps((place.system, folder, todo)))
    child = subprocess.run([sys.executable, "-m", __name__, str(job), where], cwd=Path(__file__).parents[2], timeout=60)
    assert child.returncode == -signal.SIGKILL
    evidence: Mapping[str, Any] = json.loads(job.with_suffix(".evidence").read_text())
    return evidence


def die(*_: Any) -> Any:
    """End at once, as after a power cut."""
    os.kill(os.getpid(), signal.SIGKILL)


def main(job: Path, where: str) -> None:
    """The child."""
    system, folder, todo = pickle.loads(job.read_bytes())

    def announce(evidence: Mapping[str, Any]) -> None:
        job.with_suffix(".evidence").write_text(json.dumps(evidence))
        if where == "announced":
            die()

    applying._done = die
    SqlDriver(system, folder).apply(todo, Run(None, announce))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])

"""The demonstration, as the README's first command runs it where there is no screen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path


def test_the_demonstration_runs_through(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "dsr_desk", "demo", str(tmp_path / "demo"), "--headless", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"})
    said = json.loads(done.stdout)
    assert (done.returncode, said["ok"]) == (0, True), said["lines"]
    assert any("0 left over" in line for line in said["lines"])
    assert any("1 of them is a decision that a machine takes alone" in line for line in said["lines"])
    assert any("3 bank accounts stay as tokens" in line for line in said["lines"])
    assert Path(said["report"]).stat().st_size > 10_000

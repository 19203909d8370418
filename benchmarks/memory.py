"""Peak memory of one person's request without a window, where the systems hold 100,000 rows each and a million."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks import company
from benchmarks.measure import Figure

SMALL, LARGE = 100_000, 1_000_000
_PASSPHRASE = "passphrase"

# The peak is set back once the workspace is open: unlocking by passphrase takes 64 MiB by design (Argon2id, RFC 9106) and
# gives them back before anything is read.
_RUN = """
import json, sys, tempfile
from datetime import date
from pathlib import Path
from dsr_desk.app.workspaces import open_desk
def peak(work):
    Path("/proc/self/clear_refs").write_text("5")
    work()
    line = next(x for x in Path("/proc/self/status").read_text().splitlines() if x.startswith("VmHWM"))
    return int(line.split()[1]) / 1024
desk = open_desk(Path(sys.argv[1]), None)
given = [("email", "p777@example.org")]
ref = desk.open_request("erasure", given, date.today()).ref
peaks = {"search": peak(lambda: desk.search(ref)), "plan": peak(lambda: desk.make_plan(ref))}
desk.approve(ref, desk.plan(ref).digest)
peaks["apply"] = peak(lambda: desk.apply(ref))
peaks["verify"] = peak(lambda: desk.verify(ref))
peaks["export"] = peak(lambda: desk.export(ref, Path(tempfile.mkdtemp(dir=sys.argv[1])) / "out", ["json", "csv", "html"]))
print(json.dumps(peaks))
"""


def _peaks(folder: Path, rows: int) -> dict[str, float]:
    from dsr_desk.app.workspaces import make_workspace
    from dsr_desk.store.workspace import Settings

    desk = make_workspace(folder, "Bench", Settings("Bench"), _PASSPHRASE)
    company.shop(folder, rows // 6)
    company.newsletter(folder, rows)
    company.catalog(folder, company.shop_catalog(), company.newsletter_catalog())
    desk.accept_catalog()
    desk.workspace.close()
    environment = {**os.environ, "DSR_DESK_PASSPHRASE": _PASSPHRASE}
    done = subprocess.run([sys.executable, "-c", _RUN, str(folder)], env=environment, capture_output=True, text=True, check=True)
    peaks: dict[str, float] = json.loads(done.stdout)
    return peaks


def figures(folder: Path, _: int) -> Iterator[Figure]:
    """The peak of every stage at a million rows, and what it is above that at 100,000; in MB."""
    if not Path("/proc/self/clear_refs").exists():
        print("Peak memory is measured on Linux only.")
        return
    small, large = _peaks(folder / "small", SMALL), _peaks(folder / "large", LARGE)
    for stage, peak in large.items():
        yield Figure(
            f"peak memory of {stage} at {LARGE:,} rows a system, over {SMALL:,}", peak, small[stage], 10.0, over=True, unit="MB"
        )
    yield Figure(f"peak memory of all at {LARGE:,} rows a system, over nothing", max(large.values()), 0, 90.0, over=True, unit="MB")

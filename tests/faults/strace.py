"""Looking at a run's system calls from outside, and making one of them fail."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dsr_desk.store.workspace import Workspace
from tests.faults import child
from tests.faults.place import Place
from tests.flow.world import World

_MARK = "/dsr-desk-phase-"
_CALL = re.compile(r"(?P<thread>\d+) +(?P<name>\w+)\((?P<rest>.*)")
_PATHS = re.compile(r'<(/[^>]*)>|"(/[^"]*)"')


@dataclass(frozen=True)
class Call:
    """A system call that names a file of the workspace: by which thread, and in which phase of the run.

    A phase begins with every transaction of the workspace. ``paths`` are relative to the workspace's folder.
    """

    phase: int
    thread: str
    name: str
    paths: tuple[str, ...]
    text: str


def missing() -> str:
    """Why it can't be used here, or nothing."""
    if not shutil.which("strace"):
        return "strace is not installed"
    tried = subprocess.run(["strace", "-qq", "-o", os.devnull, "true"], capture_output=True)
    return "" if tried.returncode == 0 else "strace may not look at other programs here"


def apply(place: Place, right: str, here: World, more: Sequence[str] = (), phase: int = 0) -> tuple[int, str]:
    """Apply under strace, attached when that phase begins; its exit status, and the log."""
    log = here.folder.parent / "strace.log"

    def ready() -> None:
        _phases(phase)
        if not phase:
            _stop()

    pid = child.start(lambda: child.apply(here, place.refs[right], ready))
    _, stopped = os.waitpid(pid, os.WUNTRACED)
    if not os.WIFSTOPPED(stopped):  # it came to its end without that phase
        return child.over(pid, stopped), ""
    watcher = subprocess.Popen(["strace", "-f", "-y", "-qq", "-s", "0", "-p", str(pid), "-o", str(log), *more])
    while _unwatched(pid):
        assert watcher.poll() is None, "strace may not attach"
        time.sleep(0.001)
    os.kill(pid, signal.SIGCONT)
    status = child.ended(pid)
    watcher.wait()
    text = log.read_text(encoding="utf-8", errors="replace")
    log.unlink()
    return status, text


def calls(folder: Path, log: str) -> Iterator[Call]:
    """The calls of a log that name a file in the folder, or the folder itself."""
    phase = 0
    for line in log.splitlines():
        if not (found := _CALL.match(line)):
            continue
        names = [a or b for a, b in _PATHS.findall(found["rest"])]
        for name in names:
            if name.startswith(_MARK):
                phase = int(name.removeprefix(_MARK))
        inside = tuple(os.path.relpath(n, folder) for n in names if n == str(folder) or n.startswith(f"{folder}/"))
        if inside:
            yield Call(phase, found["thread"], found["name"], inside, line)


def _stop() -> None:
    """Stop this process, here: a signal for the whole process could be another thread's to take, a little later."""
    signal.pthread_kill(threading.get_ident(), signal.SIGSTOP)


def _unwatched(pid: int) -> bool:
    """Whether a thread of the process is not traced yet."""
    tasks = Path(f"/proc/{pid}/task")
    return any("TracerPid:\t0\n" in (task / "status").read_text() for task in tasks.iterdir())


def _phases(stop: int) -> None:
    """From here on every transaction of the workspace leaves a mark, and this process stops at one of them."""
    real: Callable[[Workspace], Any] = Workspace.write
    phase = 0

    @contextmanager
    def write(workspace: Workspace) -> Iterator[Any]:
        nonlocal phase
        phase += 1
        if phase == stop:
            _stop()
        os.access(f"{_MARK}{phase}", os.F_OK)
        with real(workspace) as tx:
            yield tx

    Workspace.write = write  # type: ignore[method-assign,assignment]

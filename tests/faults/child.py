"""A run in a process of its own, so that it can be killed, and the ways to kill it from within."""

from __future__ import annotations

import gc
import os
import signal
import sys
import tempfile
import threading
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FrameType
from typing import IO, Any

import dsr_desk
from dsr_desk.errors import DeskError
from tests.flow.world import World

PACKAGE = f"{Path(dsr_desk.__file__).parent}{os.sep}"
#: What counts as the end of a child after an exception that is not for people, or that wrote to the terminal: never right.
CRASHED = 70
_said: dict[int, IO[bytes]] = {}


def start(act: Callable[[], int]) -> int:
    """Begin ``act`` in a fork; gives the process id. Its errors for people become their exit status."""
    said = tempfile.TemporaryFile()  # noqa: SIM115  # closed when the child has ended
    gc.freeze()  # or the first collection in the child would copy all of its memory
    pid = os.fork()
    if pid:
        _said[pid] = said
        return pid
    status = CRASHED
    try:
        os.dup2(said.fileno(), 2)
        status = act()
    except DeskError as error:
        status = error.exit_code
    except BaseException:  # noqa: BLE001  # a fork must never come back into its parent's code
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def ended(pid: int) -> int:
    """Wait for it; its exit status, negative for the signal that killed it."""
    return over(pid, os.waitpid(pid, 0)[1])


def over(pid: int, waited: int) -> int:
    """The same for one that was waited for."""
    status = os.waitstatus_to_exitcode(waited)
    with _said.pop(pid) as said:
        said.seek(0)
        text = said.read().decode("utf-8", "replace")
    if text:
        print(f"It ended with {status} and wrote:\n{text}", file=sys.stderr)
        return CRASHED
    return status


def run(act: Callable[[], int]) -> int:
    """Both."""
    return ended(start(act))


def apply(world: World, ref: str, ready: Callable[[], Any] = lambda: None) -> int:
    """Open the workspace and apply; ``ready`` is called in between. Gives the exit status."""
    desk = world.desk()
    with desk.workspace:
        ready()
        return desk.apply(ref).exit_code


def die(*_: Any) -> Any:
    """End at once, as in a power cut."""
    os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True, order=True)
class Line:
    """The n-th time (from 1) that a line of the program is reached."""

    file: str
    number: int
    time: int

    def __str__(self) -> str:
        return f"{self.file}:{self.number} (time {self.time})"


def kill_at(line: Line) -> None:
    """From here on this process is killed when it reaches that line, in whichever thread."""
    wanted = PACKAGE + line.file
    times = 0
    lock = threading.Lock()

    def local(frame: FrameType, event: str, _: object) -> Any:
        nonlocal times
        if event == "line" and frame.f_lineno == line.number:
            with lock:
                times += 1
                if times == line.time:
                    die()
        return local

    inside: dict[CodeType, bool] = {}

    def trace(frame: FrameType, event: str, _: object) -> Any:
        code = frame.f_code
        if code not in inside:
            inside[code] = code.co_filename == wanted and line.number in {n for _, _, n in code.co_lines()}
        return local if inside[code] else None

    # A driver's work is done in threads, the reading of a catalog is not: to trace both takes twice the time.
    if not line.file.startswith("catalog/"):
        threading.settrace(trace)
    if not line.file.startswith("drivers/_"):
        sys.settrace(trace)


def record_lines(folder: Path) -> Callable[[], dict[tuple[Line, int], None]]:
    """Note every line that this process reaches, together with how often the files of ``folder`` had changed by then.

    Gives a function that stops it and gives, in order, the first time of each line in each state of the files.
    """
    times: Counter[tuple[str, int]] = Counter()
    states: dict[object, int] = {}
    seen: set[tuple[str, int, int]] = set()
    lines: dict[tuple[Line, int], None] = {}
    lock = threading.Lock()

    def local(frame: FrameType, event: str, _: object) -> Any:
        if event == "line":
            with lock:
                at = frame.f_code.co_filename, frame.f_lineno
                times[at] += 1
                state = states.setdefault(_state(folder), len(states))
                if (*at, state) not in seen:
                    seen.add((*at, state))
                    lines[Line(at[0].removeprefix(PACKAGE), at[1], times[at]), state] = None
        return local

    def trace(frame: FrameType, event: str, _: object) -> Any:
        return local if frame.f_code.co_filename.startswith(PACKAGE) else None

    before = sys.gettrace()
    threading.settrace(trace)
    sys.settrace(trace)

    def stop() -> dict[tuple[Line, int], None]:
        sys.settrace(before)
        threading.settrace(before)  # type: ignore[arg-type]  # None takes it away
        return lines

    return stop


def _state(folder: Path) -> object:
    found = []
    for entry in os.scandir(folder):
        try:
            about = entry.stat(follow_symlinks=False)
        except FileNotFoundError:
            continue
        found.append((entry.name, about.st_ino, about.st_size, about.st_mtime_ns))
    return tuple(sorted(found))

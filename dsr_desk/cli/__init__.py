"""The command line: the same verbs as the window, with the same promises.

Exit status: 0 done and true; 1 finished, but not all is well; 2 bad usage or input; 3 refused; 4 a system could not be reached.
With ``--json`` one JSON document goes to standard output and nothing else does. Errors are one line *what* and one *what to do*.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
import unicodedata
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dsr_desk.cli.arguments import parser
from dsr_desk.errors import DeskError


def run(argv: Sequence[str]) -> int:
    """Run one command; gives the exit status. Without a command it opens the window.

    Nobody reads what it says any more (``| head``)? It goes on: what it does is not less true. The signal that would end it stays
    ignored, as Python has it: the same one comes when a server closes its connection, in the middle of a change.
    """
    code = _run(argv)
    with _unread():
        sys.stdout.flush()
    return code


def _run(argv: Sequence[str]) -> int:
    as_json = "--json" in argv
    try:
        arguments = parser().parse_args(argv)
        as_json = arguments.json
        if arguments.verb == "window" or (arguments.verb == "demo" and not arguments.headless and _screen()):
            return _window(arguments)
        from dsr_desk.cli.verbs import verb

        code, document, lines = verb(arguments)
    except DeskError as error:
        return _fail(as_json, error)
    except KeyboardInterrupt:
        return _fail(as_json, DeskError("Stopped.", "Run the command again to go on."), 3)
    except Exception as bug:  # noqa: BLE001  # the last resort: no traceback, and nothing of what the bug says
        return _fail(as_json, _bug(bug))
    if as_json:
        _out(json.dumps(document, ensure_ascii=True, indent=None))
    else:
        for line in lines:
            _out(line)
    return code


def _window(arguments: Namespace) -> int:
    """Open the window. Nothing else is loaded for it, so that it is there at once."""
    from dsr_desk.app.window import run_window

    if arguments.verb == "demo":
        return run_window(arguments.dir, arguments.operator, sample=True)
    here = Path.cwd()
    return run_window(arguments.workspace or (here if (here / "workspace.toml").exists() else None), arguments.operator)


def _screen() -> bool:
    """Whether a window can be seen."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _bug(bug: Exception) -> DeskError:
    """What escaped, by its kind and its place in the program only: its text can hold anything."""
    frames = [f for f in traceback.extract_tb(bug.__traceback__) if "dsr_desk" in f.filename]
    place = f" in {Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else ""
    return DeskError(
        f"Something went wrong inside the program: {type(bug).__name__}{place}.",
        "This is a bug: please report this line. What was recorded until then stands.",
    )


def _fail(as_json: bool, error: DeskError, code: int | None = None) -> int:
    status = error.exit_code if code is None else code
    if as_json:
        document: dict[str, Any] = {"error": error.message, "hint": error.hint, "command": error.command or None, "exit": status}
        _out(json.dumps(document, ensure_ascii=True))
    for line in (error.message, error.cure):
        if line:
            sys.stderr.write(_safe(line.replace("\n", " "), sys.stderr.encoding) + "\n")
    return status


def _out(line: str) -> None:
    with _unread():
        sys.stdout.write(_safe(line, sys.stdout.encoding) + "\n")


@contextmanager
def _unread() -> Iterator[None]:
    """Where the reader of standard output has left, the rest of it goes nowhere."""
    try:
        yield
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


#: Control characters, what turns the direction of writing, line and paragraph separators, halves of characters.
_STEERING = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs"})


def _safe(text: str, encoding: str | None) -> str:
    """The text without what could steer a terminal, in an encoding that it knows."""
    plain = "".join(c if c in "\n\t" or unicodedata.category(c) not in _STEERING else "\N{REPLACEMENT CHARACTER}" for c in text)
    name = encoding or "utf-8"
    return plain.encode(name, "replace").decode(name)

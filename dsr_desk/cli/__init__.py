"""The command line: the same verbs as the window, with the same promises.

Exit status: 0 done and true; 1 finished, but not all is well; 2 bad usage or input; 3 refused; 4 a system could not be reached.
With ``--json`` one JSON document goes to standard output and nothing else does. Errors are one line *what* and one *what to do*.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dsr_desk.cli.arguments import parser
from dsr_desk.errors import DeskError


def run(argv: Sequence[str]) -> int:
    """Run one command; gives the exit status. Without a command it opens the window."""
    arguments = parser().parse_args(argv)
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    try:
        if arguments.verb == "window" or (arguments.verb == "demo" and not arguments.headless and _screen()):
            return _window(arguments)
        from dsr_desk.cli.verbs import verb

        code, document, lines = verb(arguments)
    except DeskError as error:
        return _fail(arguments.json, error)
    except KeyboardInterrupt:
        return _fail(arguments.json, DeskError("Stopped.", "Run the command again to go on."), 3)
    if arguments.json:
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


def _fail(as_json: bool, error: DeskError, code: int | None = None) -> int:
    status = error.exit_code if code is None else code
    if as_json:
        document: dict[str, Any] = {"error": error.message, "hint": error.hint, "exit": status}
        _out(json.dumps(document, ensure_ascii=True))
    sys.stderr.write(_safe(error.diagnostics(), sys.stderr.encoding) + "\n")
    return status


def _out(line: str) -> None:
    sys.stdout.write(_safe(line, sys.stdout.encoding) + "\n")


def _safe(text: str, encoding: str | None) -> str:
    """The text without what could steer a terminal, in an encoding that it knows."""
    plain = "".join(c if c in "\n\t" or (ord(c) >= 32 and not 127 <= ord(c) < 160) else "\N{REPLACEMENT CHARACTER}" for c in text)
    name = encoding or "utf-8"
    return plain.encode(name, "replace").decode(name)

"""The only place of the window that turns an error into words, and an unknown one into a bug without personal data."""

from __future__ import annotations

import platform
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from dsr_desk.errors import DeskError

_PACKAGE = Path(__file__).resolve().parent.parent


class BugError(DeskError):
    """The program is at fault. ``details`` says where, with no value in it."""

    def __init__(self, details: str) -> None:
        super().__init__(
            "DSR Desk made a mistake and stopped this step.",
            "Nothing is called done that is not. Copy the details for whoever looks after this program, then try again.",
        )
        self.details = details


@dataclass(frozen=True)
class Message:
    """What is shown of an error: ``title`` what happened, ``text`` what to do, ``details`` what *Copy details* gives."""

    title: str
    text: str
    details: str


def scrub(error: BaseException) -> DeskError:
    """The error itself where it is ours, else a ``BugError`` that keeps types and places in our code, and no text of it."""
    if isinstance(error, DeskError):
        return error
    lines = [f"{type(error).__module__}.{type(error).__qualname__}"]
    for frame in traceback.extract_tb(error.__traceback__):
        path = Path(frame.filename)
        where = path.relative_to(_PACKAGE.parent).as_posix() if path.is_relative_to(_PACKAGE) else path.name
        lines.append(f"  {where}:{frame.lineno} {frame.name}")
    return BugError("\n".join(lines))


def explain(error: BaseException) -> Message:
    """The words for an error."""
    known = scrub(error)
    rows = getattr(known, "rows", ())
    details = [type(known).__name__, known.diagnostics(), *rows]
    if isinstance(known, BugError):
        details.append(known.details)
    details.append(f"Python {platform.python_version()}, {platform.system()}")
    return Message(known.message, known.hint, "\n".join(details))


def catch_everything(show: Callable[[Message], None]) -> None:
    """Show what no page caught (an exception in a slot) instead of printing it with the values it holds."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        show(explain(error))

    sys.excepthook = hook

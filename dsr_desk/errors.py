"""What can go wrong, in words for people: every error says what, and what to do."""

from __future__ import annotations

from typing import ClassVar


def with_command(hint: str, command: str) -> str:
    """``Lift it first: dsr-desk request lift REF``: a sentence, and what does it in a terminal."""
    return f"{hint.rstrip('.')}: {command}" if command else hint


class DeskError(Exception):
    """An error that is shown to a person as one line *what* and one line *what to do*.

    ``hint`` says it in words that fit a window and a terminal alike; ``command`` does it in a terminal, and is shown there only.
    ``message``, ``hint`` and ``command`` carry structure only (systems, collections, columns, files, lines), never values
    of a data subject and never a driver's own text, because both can end up in a log or on a screen.
    ``exit_code`` is the status the command line ends with.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, hint: str = "", command: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.command = command

    @property
    def cure(self) -> str:
        """What to do, for a terminal: the hint, and the command that does it."""
        return with_command(self.hint, self.command)

    def diagnostics(self) -> str:
        """The error as two lines of text."""
        return f"{self.message}\n{self.cure}" if self.cure else self.message


class UsageError(DeskError):
    """Bad usage or bad input: nothing was done (exit 2)."""

    exit_code = 2


class CatalogError(DeskError):
    """The catalog has errors (exit 1)."""

    exit_code = 1


class TamperedError(DeskError):
    """Something that is signed or sealed does not hold (exit 1)."""

    exit_code = 1


class RolledBackError(TamperedError):
    """A workspace is not what this desk saw of it before: an older copy was brought back, or its trail was written anew."""

    def __init__(self, message: str) -> None:
        super().__init__(
            message,
            "Find out who did that. Was it restored from a backup on purpose, record that: dsr-desk audit restored.",
        )


class RefusedError(DeskError):
    """The program refuses to go on: drift, wrong digest, not allowed, ambiguous (exit 3)."""

    exit_code = 3


class ShreddedError(RefusedError):
    """The file of a request was destroyed: only its line and its entries in the trail are left."""


class HeldError(RefusedError):
    """A legal hold stands: what it covers is not erased until it is released."""


class DriftError(RefusedError):
    """Rows are no longer what was approved; nothing was written in that system.

    ``rows`` names them as ``SYSTEM/COLLECTION/KEY``.
    """

    def __init__(self, message: str, hint: str, rows: tuple[str, ...]) -> None:
        super().__init__(message, hint)
        self.rows = rows


class InDoubtError(RefusedError):
    """The system cannot tell whether our change was committed: a person is asked."""


class UnreachableError(DeskError):
    """A system, a file or the workspace could not be reached or read (exit 4)."""

    exit_code = 4


class LockedError(UnreachableError):
    """A system answered, but somebody else holds what we need."""


class CredentialsError(UnreachableError):
    """A system refused the password, or there is none."""


class CancelledError(DeskError):
    """The operator stopped it (exit 3)."""

    exit_code = 3

"""One catalog file on its way: its tree with places, its shape, and the problems it is named in."""

from __future__ import annotations

from dataclasses import dataclass

from dsr_desk.catalog.document import Node
from dsr_desk.catalog.problem import Problem, Severity, code_of, quote
from dsr_desk.catalog.shape import SystemFile


@dataclass(frozen=True, slots=True)
class Source:
    """A file whose shape is right: ``file`` as problems name it, the tree with places, and the data."""

    file: str
    node: Node
    shape: SystemFile

    @property
    def system(self) -> str:
        """The name of its system."""
        return self.shape.system

    def line(self, path: tuple[object, ...]) -> int:
        """The line of a key in this file; 0 where it stands in the connector."""
        mark = self.node.place(path, key=True)
        return mark.line if mark.file == self.file else 0

    def problem(
        self, severity: Severity, path: tuple[object, ...], message: str, hint: str = "", *, key: bool = False, code: str = ""
    ) -> Problem:
        """A problem at a place of the file; with ``key`` at the key, else at the value. Without a ``code`` the place names it."""
        mark = self.node.place(path, key=key)
        collection = str(path[1]) if len(path) > 1 and path[0] == "collections" else ""
        field = str(path[3]) if len(path) > 3 and path[2] == "fields" else ""
        dotted = ".".join(quote(str(p)) for p in path)
        where = (mark.file, mark.line, mark.column, dotted)
        return Problem(severity, *where, message, hint, self.system, collection, field, code or code_of(path))

    def error(self, path: tuple[object, ...], message: str, hint: str = "", *, key: bool = False, code: str = "") -> Problem:
        """An error at a place of the file."""
        return self.problem("error", path, message, hint, key=key, code=code)

    def warning(self, path: tuple[object, ...], message: str, hint: str = "", *, key: bool = False, code: str = "") -> Problem:
        """A warning at a place of the file."""
        return self.problem("warning", path, message, hint, key=key, code=code)

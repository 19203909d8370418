"""What only people can do, and the files they hand in: sealed parts of the request."""

from __future__ import annotations

import json

from sqlalchemy import select

from dsr_desk.model.codec import decode, encode
from dsr_desk.model.request import Task
from dsr_desk.store import schema
from dsr_desk.store.requests import Requests

_TASK = "task/"


class Tasks(Requests):
    """Tasks and their attachments. A file's name can name a person, so only a keyed digest of it stands in the open."""

    def put_task(self, task: Task) -> None:
        """Keep a task, or a task as it is now. Its ``id`` is a lower-case word, unique in its request."""
        data = json.dumps(encode(task), separators=(",", ":")).encode("ascii")
        self.seal(task.request, f"{_TASK}{task.id}", data)

    def drop_task(self, ref: str, task: str) -> None:
        """Take away a task that nobody has to do any more."""
        self.drop(ref, f"{_TASK}{task}")

    def tasks(self, ref: str | None = None) -> list[Task]:
        """The tasks of one request, or of all requests, by reference and id."""
        refs = [ref] if ref is not None else self.connection.execute(select(schema.requests.c.ref)).scalars().all()
        return [self._task(one, part) for one in sorted(refs) for part in self.parts(one, _TASK)]

    def _task(self, ref: str, part: str) -> Task:
        return decode(Task, json.loads(self.unseal(ref, part) or b"null"))

    def attach(self, ref: str, task: str, name: str, data: bytes) -> None:
        """Keep a file that belongs to a task, under its name."""
        self.seal(ref, self._file(ref, task, name), data)

    def attachment(self, ref: str, task: str, name: str) -> bytes | None:
        """The file of that name, or ``None``."""
        return self.unseal(ref, self._file(ref, task, name))

    def _file(self, ref: str, task: str, name: str) -> str:
        return f"file/{task}/{self.commit_to(ref, 'file', name)[:32]}"

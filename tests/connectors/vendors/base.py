"""What every vendor that a test stands for has: paths, pages of two records, and a memory of what it was asked."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar

from werkzeug.wrappers import Request, Response

PEOPLE = ("ann", "bob", "cid")
PAGE = 2

Answer = tuple[int, Any]
Handler = Callable[..., Answer]


def mail(who: str) -> str:
    return f"{who}@example.org"


class Vendor:
    """``routes`` are asked in their order: method, path (its groups are the handler's arguments), name of the handler.

    ``own``: the records that a search by Ann's address gives, and ``stays``: which of these are there after her erasure.
    """

    name: ClassVar[str]
    base: ClassVar[str]
    user: ClassVar[str] = ""
    routes: ClassVar[Sequence[tuple[str, str, str]]]
    own: ClassVar[frozenset[str]]
    stays: ClassVar[frozenset[str]] = frozenset()
    #: What a person has to look at, and why; it stays where nobody did.
    review: ClassVar[Mapping[str, str]] = {}
    #: Lists that a search must not go through, since the vendor can be asked for a person's records.
    unread: ClassVar[frozenset[str]] = frozenset()

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Any]] = {}
        self.asked: list[str] = []
        self.url = ""

    def known(self, request: Request) -> bool:
        return request.headers.get("Authorization") == "Bearer key"

    def __call__(self, request: Request) -> Response:
        path = request.path.removeprefix(self.base)
        self.asked.append(f"{request.method} {path}")
        if not self.known(request):
            return Response("{}", 401, content_type="application/json")
        for method, pattern, handler in self.routes:
            match = re.fullmatch(pattern, path)
            if match and method == request.method:
                status, data = getattr(self, handler)(request, *match.groups())
                made = Response(None if data is None else json.dumps(data), status, content_type="application/json")
                made.headers.extend(self.headers(data))
                return made
        return Response('{"error": "no such path"}', 404, content_type="application/json")

    def headers(self, data: Any) -> dict[str, str]:
        return {}

    def put(self, collection: str, *keys: object, **row: Any) -> None:
        self.rows[f"{collection}/{','.join(map(str, keys))}"] = row

    def of(self, collection: str) -> list[dict[str, Any]]:
        return [r for k, r in self.rows.items() if k.startswith(f"{collection}/")]

    def get(self, collection: str, *keys: object) -> dict[str, Any] | None:
        return self.rows.get(f"{collection}/{','.join(map(str, keys))}")

    def state(self) -> dict[str, Any]:
        copied: dict[str, Any] = json.loads(json.dumps(self.rows))
        return copied


def after(rows: Iterable[dict[str, Any]], cursor: str | None) -> tuple[list[dict[str, Any]], bool]:
    """The page behind the record with this id, and whether there is another one."""
    rest = list(rows)
    if cursor:
        rest = rest[[str(r["id"]) for r in rest].index(cursor) + 1 :]
    return rest[:PAGE], len(rest) > PAGE

"""What a catalog file says of a web service: ``options:`` of the system, and of each collection."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from dsr_desk.drivers._rest.template import names_in

_SECRET = re.compile(
    r"authori[sz]ation|^auth$|pass(word|wd|phrase)|pwd|secret|token|api.?key|^key$|credential|cookie|signature", re.IGNORECASE
)
#: A header's name (RFC 9110 section 5.1), and a value that can't begin another one.
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_HEADER_VALUE = re.compile(r"[\x20-\x7e]*")
#: What the connection itself writes.
_RESERVED = frozenset({"host", "content-length", "content-type", "transfer-encoding", "connection", "accept-encoding"})


def _header_name(name: str) -> str:
    if not _HEADER.fullmatch(name) or name.lower() in _RESERVED:
        raise ValueError("is no header that can be set here")
    return name


def _headers(headers: dict[str, str]) -> dict[str, str]:
    for name, value in headers.items():
        _header_name(name)
        if _SECRET.search(name):
            raise ValueError(
                f"{name} looks like a password: write auth: {{kind: header, header: {name}}} and keep it in the keyring"
            )
        if not _HEADER_VALUE.fullmatch(value):
            raise ValueError(f"the value of {name} has characters that no header can have")
    return headers


def _params(params: dict[str, Any]) -> dict[str, str]:
    for name, value in params.items():
        if _SECRET.search(name):
            raise ValueError(f"{name} looks like a password; addresses are written into logs everywhere, so none may stand there")
        if not isinstance(value, str | int | float):
            raise ValueError(f"{name} must be a text or a number")
    return {n: ("true" if v else "false") if isinstance(v, bool) else str(v) for n, v in params.items()}


def _path(path: str) -> str:
    names_in(path)
    bare = re.sub(r"\{[^{}]*\}", "x", path)
    if not path.startswith("/") or path.startswith("//"):
        raise ValueError("must start with one /, as /customers/{id}")
    if re.search(r"[?#\\\s\x00-\x1f\x7f{}%]", bare) or not bare.isascii():
        raise ValueError("holds a character that no path can have; what follows a ? stands under params:")
    if any(part in (".", "..") for part in bare.split("/")):
        raise ValueError("must not climb (..)")
    return path


def _secure(url: str) -> str:
    from urllib.parse import urlsplit

    from dsr_desk.drivers._rest.address import secure

    if url and not secure(urlsplit(url)):
        raise ValueError("must start with https:// (http:// goes to this computer only)")
    return url


Path = Annotated[str, AfterValidator(_path)]
Params = Annotated[dict[str, Any], AfterValidator(_params)]
HeaderName = Annotated[str, AfterValidator(_header_name)]
Names = Annotated[tuple[str, ...], BeforeValidator(lambda value: tuple(value) if isinstance(value, list) else value)]


def _mapping(key: str) -> BeforeValidator:
    """Lets a mapping be written as the one word that is its most important key."""
    return BeforeValidator(lambda value: {key: value} if isinstance(value, str) else value)


def _switch(value: Any) -> Any:
    return {} if value is True else None if value is False else value


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Auth(_Shape):
    """How the secret is shown: ``basic`` (RFC 7617), ``bearer`` (RFC 6750), ``header``, ``oauth2`` (RFC 6749 section 4.4)."""

    kind: Literal["none", "basic", "bearer", "header", "oauth2"] = "none"
    header: HeaderName = "X-Api-Key"
    token_url: Annotated[str, AfterValidator(_secure)] = ""
    client_id: str = ""
    scope: str = ""
    audience: str = ""

    @model_validator(mode="after")
    def _whole(self) -> Auth:
        if (self.kind == "oauth2") != bool(self.token_url):
            raise ValueError("kind: oauth2 and token_url: go together")
        return self


class Limits(_Shape):
    """How much is asked of the service. It is asked one thing at a time, always."""

    per_second: float = Field(5, gt=0, le=1000)


class Service(_Shape):
    """``options:`` of the system. Times are in seconds."""

    auth: Annotated[Auth, _mapping("kind")] = Auth()
    headers: Annotated[dict[str, str], AfterValidator(_headers)] = {}
    limits: Limits = Limits()
    retries: int = Field(4, ge=0, le=10)
    longest_wait: float = Field(30, ge=0, le=600)
    timeout: float = Field(30, gt=0, le=600)
    #: A file with the certificates of the company's own authority.
    certificates: str = ""
    idempotency: HeaderName | None = None


class Paging(_Shape):
    """How a long list is read: ``style``, and where each part of it stands in question and answer."""

    style: Literal["none", "page", "offset", "cursor", "link", "next"] = "none"
    param: str = ""
    first: int = 1
    size_param: str = ""
    size: int = Field(100, ge=1, le=10_000)
    #: In the answer: the next cursor, or the next address.
    next: str = ""
    #: The field of the last record that is the next cursor.
    last: str = ""
    #: In the answer: whether there is more.
    more: str = ""

    @model_validator(mode="after")
    def _whole(self) -> Paging:
        if self.style in ("page", "offset", "cursor") and not self.param:
            raise ValueError(f"style: {self.style} needs param:, the name by which the service is asked for a page")
        if self.style == "cursor" and bool(self.next) == bool(self.last):
            raise ValueError("style: cursor needs either next: (where the answer has it) or last: (a field of the last record)")
        if self.style == "next" and not self.next:
            raise ValueError("style: next needs next:, where the answer has the address of the next page")
        return self


class Call(_Shape):
    """One question or order: a path of the service, what follows its ``?``, and a body."""

    path: Path = ""
    params: Params = {}
    body: Any = None


class Listing(Call):
    """A question that gives records.

    ``adds``: fields that they don't repeat, such as ``{ticket_id: "{value}"}``. ``none``: what stands in an answer 404 by which the
    service says that there is nobody of that number (any more), and not that there is no such path.
    """

    method: Literal["GET", "POST"] = "GET"
    records: str | None = None
    paging: Annotated[Paging, _mapping("style")] | None = None
    adds: dict[str, str] = {}
    none: dict[str, Any] = {}


class Reading(_Shape):
    """How one record is read. ``gone``: what a record holds that stands for a deleted one."""

    path: Path = ""
    params: Params = {}
    record: str = ""
    not_found: Annotated[tuple[int, ...], BeforeValidator(lambda value: tuple(value) if isinstance(value, list) else value)] = (
        404,
        410,
    )
    gone: dict[str, Any] = {}


class Update(_Shape):
    """How a record is changed. ``body``: the changed fields, the whole top-level objects they are in, or the whole record."""

    method: Literal["PATCH", "PUT", "POST"] = "PATCH"
    path: Path = ""
    params: Params = {}
    body: Literal["fields", "objects", "whole"] = "fields"
    wrap: str = ""
    type: Literal["json", "merge-patch", "form"] = "json"
    #: Fields that the service refuses to be sent.
    without: Names = ()
    wait: float = Field(0, ge=0, le=600)


class Order(Call):
    """A call that deletes, or does its part."""

    method: Literal["DELETE", "POST", "PUT"] = "DELETE"


class Delete(Order):
    """How a record is deleted. ``then``: what has to be asked after it. ``wait``: how long until it has to be gone."""

    then: list[Order] = []
    wait: float = Field(0, ge=0, le=600)

    @property
    def calls(self) -> list[Order]:
        """All of it, in order."""
        return [self, *self.then]


class Count(_Shape):
    """Where the service says how many records there are."""

    path: Path
    params: Params = {}
    at: str


class Endpoint(_Shape):
    """``options:`` of a collection."""

    path: Path = ""
    params: Params = {}
    records: str = ""
    paging: Annotated[Paging, _mapping("style")] = Paging()
    listing: Annotated[Listing | None, BeforeValidator(_switch)] = Field(Listing(), alias="list")
    #: The collection below each of whose records a list of this one stands.
    each: str = ""
    find: dict[str, Annotated[Listing, _mapping("path")]] = {}
    read: Annotated[Reading | None, BeforeValidator(_switch), _mapping("path")] = Reading()
    update: Annotated[Update | None, BeforeValidator(_switch)] = None
    delete: Annotated[Delete | None, BeforeValidator(_switch)] = None
    count: Count | None = None
    #: Whether a list gives less of a record than reading it does.
    summary: bool = False
    if_match: Literal["etag"] | None = None
    #: Fields that the service writes by itself.
    stamps: Names = ()
    #: Fields that a record may have and need not, with all that stands in them.
    sparse: Names = ()

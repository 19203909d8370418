"""The connection to a MongoDB: what the catalog's url says, made ready, and what the server's errors mean to a person.

The client writes commands with their values to its log; here it has none.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from bson.codec_options import CodecOptions, DatetimeConversion
from bson.errors import BSONError
from pymongo import MongoClient
from pymongo.errors import (
    AutoReconnect,
    ConfigurationError,
    DocumentTooLarge,
    DuplicateKeyError,
    ExecutionTimeout,
    InvalidURI,
    OperationFailure,
    PyMongoError,
    WTimeoutError,
)
from pymongo.read_concern import ReadConcern
from pymongo.read_preferences import ReadPreference
from pymongo.write_concern import WriteConcern

from dsr_desk.drivers._mongodb.address import address, answer_within
from dsr_desk.errors import CredentialsError, DeskError, RefusedError, UnreachableError, UsageError
from dsr_desk.model.catalog import System

if TYPE_CHECKING:
    from pymongo.database import Database

logging.getLogger("pymongo").addHandler(logging.NullHandler())
logging.getLogger("pymongo").propagate = False

_CONNECT = 10_000
_LOGIN = frozenset({13, 18, 8000})
_OPTIONS = CodecOptions[dict[str, Any]](
    document_class=dict, tz_aware=True, uuid_representation=4, datetime_conversion=DatetimeConversion.DATETIME_AUTO
)


def database(system: System, secret: Callable[[], str | None]) -> Database[dict[str, Any]]:
    """The database that the catalog names. Nothing is asked of the server yet.

    Reads are of what a majority of the members holds, from the primary; writes are acknowledged by a majority, in their journals.
    """
    url, user = address(system)
    password = _password(system, url, secret) if user else None
    answer = answer_within(system) * 1000
    try:
        client: MongoClient[dict[str, Any]] = MongoClient(
            url,
            username=user or None,
            password=password,
            serverSelectionTimeoutMS=_CONNECT,
            connectTimeoutMS=_CONNECT,
            socketTimeoutMS=answer,
            retryReads=False,
            appname="dsr-desk",
        )
        return client.get_default_database().with_options(
            codec_options=_OPTIONS,
            read_preference=ReadPreference.PRIMARY,
            read_concern=ReadConcern("majority"),
            write_concern=WriteConcern("majority", wtimeout=answer, j=True),
        )
    except (ConfigurationError, InvalidURI, ValueError, TypeError):
        raise UsageError(
            f"The url of system {system.name} can't be read.",
            "Write it like mongodb://user@host:27017/database in its catalog file.",
        ) from None


def _password(system: System, url: str, secret: Callable[[], str | None]) -> str | None:
    found = secret()
    if found is None and "authmechanism=" not in url.lower():
        raise CredentialsError(
            f"There is no password for {system.label}.", f"Give it in a terminal: dsr-desk secret set {system.name}"
        )
    return found


@contextmanager
def understood(system: System) -> Iterator[None]:
    """Errors of the client become the desk's own, without a word of the server's: it can quote values."""
    try:
        yield
    except (PyMongoError, BSONError, OverflowError) as error:
        meant = _meant(system, error)
    else:
        return
    raise meant from None


def _meant(system: System, error: Exception) -> DeskError:
    name = system.label
    match error:
        case DuplicateKeyError():
            return RefusedError(
                f"{name} refused a value: another record has it already, and a unique index forbids two.",
                "Let the catalog write a different value in every record (strategy pseudonym).",
            )
        case WTimeoutError():
            return UnreachableError(
                f"{name} wrote a record, but not on a majority of its members in time.",
                "See that all of them run, and apply again.",
            )
        case ExecutionTimeout():
            return UnreachableError(
                f"{name} did not answer in time.", "Add an index there, or allow more time: options: {timeout: 300}."
            )
        case OperationFailure() if error.code in _LOGIN:
            return CredentialsError(
                f"{name} refused the user or the password, or allows too little.",
                f"Set the password again: dsr-desk secret set {system.name}. The user needs to read and write the database.",
            )
        case OperationFailure() if error.code == 121:
            return RefusedError(
                f"{name} refused a record: the collection's own validation rule forbids what was to be written.",
                "Look at the rule, and let the catalog write a value that it allows.",
            )
        case AutoReconnect():
            return UnreachableError(f"{name} can't be reached.", "Check that it runs and that the url in the catalog is right.")
        case OperationFailure():
            return UnreachableError(
                f"{name} refused a command (code {error.code}).", "Look into the server's log for that code, and try again."
            )
        case DocumentTooLarge():
            return UnreachableError(f"A record of {name} is too big to be compared and written.", "Leave it to a person.")
        case ConfigurationError():
            return UnreachableError(f"The connection to {name} could not be set up.", "Check the settings behind the ? in its url.")
    return UnreachableError(f"{name} sent or got something that can't be read.", "Look at its records with another tool.")

"""An S3 store through botocore: what is asked of it, and every fault in words that hold no data."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from dsr_desk.drivers._s3.address import Address
from dsr_desk.errors import CredentialsError, DeskError, UnreachableError, UsageError

_CONNECT, _ANSWER, _ATTEMPTS = 10, 30, 5
_LIST = 1000
_DENIED = frozenset(
    ("AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken", "AllAccessDisabled")
)
_DENIED |= {"401", "403", "Forbidden"}
_ELSEWHERE = frozenset(
    ("PermanentRedirect", "TemporaryRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException")
)
_ABSENT = frozenset(("NoSuchKey", "NoSuchVersion", "404", "MethodNotAllowed", "405"))
_CODE = re.compile(r"[A-Za-z]{1,60}")


class AbsentError(Exception):
    """There is no such object, or not this version of it."""


class UnlikeError(Exception):
    """The object is no longer the one that the condition named."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an object, or a marker that says it was deleted. In a bucket without versions there is one, ``null``."""

    key: str
    id: str
    latest: bool
    marker: bool
    modified: datetime
    etag: str = ""
    size: int = 0

    @property
    def name(self) -> str:
        """What it is called in a record: its id, with a word before those of markers."""
        return f"marker:{self.id}" if self.marker else self.id


class Store:
    """The bucket of an address. ``label`` is the system's, for messages."""

    def __init__(self, address: Address, label: str, secret: Callable[[], str | None]) -> None:
        self.address, self.label = address, label
        self._secret = secret
        self._made: Any = None

    def close(self) -> None:
        """Give back its connections."""
        if self._made is not None:
            self._made.close()
            self._made = None

    @contextmanager
    def asked(self) -> Iterator[Any]:
        """The client, with its faults turned into errors for people."""
        from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError, ParamValidationError

        try:
            yield self._client()
        except ClientError as fault:
            raise self._spoken(fault) from None
        except ParamValidationError:
            raise UsageError(f"{self.label}: that can't be asked of an S3 store.", "Check url: in the catalog.") from None
        except (BotoCoreError, HTTPClientError, OSError, ValueError):
            raise UnreachableError(
                f"{self.label} could not be reached, or its answer broke off.",
                "Check url:, endpoint: and the network, then try again.",
            ) from None

    def versions(self, prefix: str) -> Iterator[Sequence[Version]]:
        """Pages of all versions and markers of the objects whose key begins so, in order of their keys, newest first."""
        key: str | None = None
        version: str | None = None
        while True:
            more: dict[str, str] = {"KeyMarker": key, "VersionIdMarker": version or ""} if key is not None else {}
            with self.asked() as client:
                page = client.list_object_versions(Bucket=self.address.bucket, Prefix=prefix, MaxKeys=_LIST, **more)
            found = [_version(v, False) for v in page.get("Versions", ())] + [
                _version(v, True) for v in page.get("DeleteMarkers", ())
            ]
            yield sorted(found, key=lambda v: v.key)
            if not page.get("IsTruncated"):
                return
            before, (key, version) = (key, version), (page.get("NextKeyMarker"), page.get("NextVersionIdMarker"))
            if key is None or (key, version) == before:
                raise UnreachableError(
                    f"{self.label} broke off its list of objects.", "Try again; if it happens again, tell its operators."
                )

    def get(self, version: Version, most: int) -> tuple[dict[str, Any], bytes | None]:
        """What is said of a version, and its bytes (``None`` where there are more than ``most``). ``AbsentError``: it is gone."""
        which = {} if version.id == "null" else {"VersionId": version.id}
        with self.asked() as client:
            if version.size > most:
                return client.head_object(Bucket=self.address.bucket, Key=version.key, **which), None
            answer = client.get_object(Bucket=self.address.bucket, Key=version.key, **which)
            with answer["Body"] as body:
                content = body.read(most + 1)
            if len(content) != answer.get("ContentLength", len(content)):
                raise OSError
            return answer, content

    def head(self, version: Version) -> dict[str, Any]:
        """What is said of a version."""
        which = {} if version.id == "null" else {"VersionId": version.id}
        with self.asked() as client:
            found: dict[str, Any] = client.head_object(Bucket=self.address.bucket, Key=version.key, **which)
            return found

    def tags(self, version: Version) -> dict[str, str]:
        """The tags of a version."""
        which = {} if version.id == "null" else {"VersionId": version.id}
        with self.asked() as client:
            answer = client.get_object_tagging(Bucket=self.address.bucket, Key=version.key, **which)
        return {tag["Key"]: tag["Value"] for tag in answer.get("TagSet", ())}

    def folders(self, prefix: str) -> Iterator[str]:
        """The folders right below a prefix, and ``*`` where objects lie there."""
        more: dict[str, str] = {}
        while True:
            with self.asked() as client:
                page = client.list_objects_v2(Bucket=self.address.bucket, Prefix=prefix, Delimiter="/", MaxKeys=_LIST, **more)
            yield from (found["Prefix"][len(prefix) :].rstrip("/") for found in page.get("CommonPrefixes", ()))
            if page.get("Contents"):
                yield "*"
            if not page.get("IsTruncated") or not page.get("NextContinuationToken"):
                return
            more = {"ContinuationToken": page["NextContinuationToken"]}

    def uploads(self, prefix: str) -> int:
        """How many uploads were begun there and never ended: what was sent of them is kept, and listed nowhere else."""
        with self.asked() as client:
            answer = client.list_multipart_uploads(Bucket=self.address.bucket, Prefix=prefix, MaxUploads=_LIST)
        return len(answer.get("Uploads", ()))

    def versioning(self) -> dict[str, str]:
        """``Status`` (``Enabled``, ``Suspended`` or absent) and ``MFADelete`` of the bucket."""
        with self.asked() as client:
            answer = client.get_bucket_versioning(Bucket=self.address.bucket)
        return {name: str(answer[name]) for name in ("Status", "MFADelete") if answer.get(name)}

    def delete(self, versions: Sequence[Version]) -> None:
        """Delete these versions for good. A bucket's only version goes on the condition that it is still that one."""
        if [v.id for v in versions] == ["null"]:
            self._delete_if(versions[0])
            return
        for begin in range(0, len(versions), _LIST):
            listed = [{"Key": v.key, "VersionId": v.id} for v in versions[begin : begin + _LIST]]
            with self.asked() as client:
                answer = client.delete_objects(Bucket=self.address.bucket, Delete={"Objects": listed, "Quiet": True})
            for error in answer.get("Errors", ()):
                raise self._by_code(str(error.get("Code", "")), 0)

    def _delete_if(self, version: Version) -> None:
        from botocore.exceptions import ClientError

        with self.asked() as client:
            try:
                client.delete_object(Bucket=self.address.bucket, Key=version.key, IfMatch=version.etag)
            except ClientError as fault:
                status = fault.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
                if status in (409, 412):
                    raise UnlikeError from None
                if status != 501:  # a store that knows no conditions: it was compared right before
                    raise
                client.delete_object(Bucket=self.address.bucket, Key=version.key)

    # -- faults --------------------------------------------------------------------------------------------------------

    def _spoken(self, fault: Any) -> Exception:
        about = fault.response.get("ResponseMetadata", {})
        return self._by_code(str(fault.response.get("Error", {}).get("Code", "")), int(about.get("HTTPStatusCode") or 0))

    def _by_code(self, code: str, status: int) -> Exception:
        if code in _ABSENT:
            return AbsentError()
        if code == "NoSuchBucket":
            return UsageError(f"{self.label} has no such bucket.", "Correct url: in the catalog.")
        if code in _DENIED or status in (401, 403):
            return CredentialsError(
                f"{self.label} refused the access key, its password, or the right to do this.",
                "Keep the right password (dsr-desk secret set SYSTEM), or ask its operators for the right.",
            )
        if code in ("SlowDown", "ServiceUnavailable", "Throttling", "RequestLimitExceeded") or status in (429, 503):
            return UnreachableError(f"{self.label} asks to be asked less often.", "Wait a while, then try again.")
        told = f" ({code})" if _CODE.fullmatch(code) else f" ({status})" if status else ""
        return UnreachableError(
            f"{self.label} could not answer{told}.", "Try again later; if it happens again, tell its operators."
        )

    def _client(self) -> Any:
        if self._made is None:
            self._made = self._connected()
        return self._made

    def _connected(self) -> Any:
        from botocore import UNSIGNED
        from botocore.config import Config

        user, secret = self.address.user, self._secret() if self.address.user else None
        if user and not secret:
            raise CredentialsError(f"{self.label} has no password in the keyring.", "Keep it there: dsr-desk secret set SYSTEM.")
        config = Config(
            connect_timeout=_CONNECT,
            read_timeout=_ANSWER,
            retries={"mode": "standard", "total_max_attempts": _ATTEMPTS},
            signature_version="s3v4" if user else UNSIGNED,
            s3={"addressing_style": "path" if self.address.endpoint else "auto"},
            proxies={"none": ""},  # an empty one would mean those of the environment
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        client = _session().create_client(
            "s3",
            region_name=self.address.region or "us-east-1",
            endpoint_url=self.address.endpoint or None,
            aws_access_key_id=user or None,
            aws_secret_access_key=secret,
            config=config,
        )
        client.meta.events.register_first("needs-retry.s3", self._insist_here)
        return client

    def _insist_here(self, response: Any = None, **_: Any) -> None:
        """Before botocore follows a redirect, with a signature, to wherever the answer says."""
        if response is None:
            return
        answer, parsed = response
        code = parsed.get("Error", {}).get("Code", "") if isinstance(parsed, dict) else ""
        if (300 <= answer.status_code < 400 and answer.status_code != 304) or code in _ELSEWHERE:
            raise _elsewhere(self.label)


def _elsewhere(label: str) -> DeskError:
    return UnreachableError(
        f"{label} says that the bucket is elsewhere, and is not followed there.",
        "Write the bucket's own region: (or endpoint:) under options: in the catalog.",
    )


def _version(found: dict[str, Any], marker: bool) -> Version:
    etag = str(found.get("ETag", ""))
    return Version(
        found["Key"],
        str(found.get("VersionId") or "null"),
        bool(found.get("IsLatest")),
        marker,
        found["LastModified"],
        etag,
        int(found.get("Size") or 0),
    )


@cache
def _session() -> Any:
    """One for the process: it holds what is known of the service, which takes long to read, and no password."""
    try:
        from botocore.session import Session
    except ImportError:
        raise UsageError(
            "S3 stores can't be reached: the library for it is not installed.", "Run: pip install 'dsr-desk[s3]'"
        ) from None
    for name in ("boto3", "botocore", "urllib3"):  # they log requests and answers, and on a broken one its text
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    session = Session()
    session.set_config_variable("ignore_configured_endpoint_urls", True)
    session.set_config_variable("config_file", "/dev/null")
    session.set_config_variable("credentials_file", "/dev/null")
    return session

"""One exchange with a server: no redirect is followed, nothing of the environment is used, nothing endless is read."""

from __future__ import annotations

import logging
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from urllib3.exceptions import NameResolutionError, NewConnectionError

from dsr_desk.drivers._rest.answer import Answer
from dsr_desk.errors import DeskError, UnreachableError

#: The most bytes of an answer, and the longest that one may take to arrive, in seconds.
LARGEST_ANSWER = 64 * 1024 * 1024
LONGEST_ANSWER = 300.0
CONNECT_SECONDS = 10.0

# It logs every address that is asked, and in those stand e-mail addresses.
logging.getLogger("urllib3").addHandler(logging.NullHandler())
logging.getLogger("urllib3").propagate = False
logging.getLogger("urllib3").setLevel(logging.CRITICAL + 1)

#: OpenSSL's own numbers (X509_V_ERR_*), in words.
_CERTIFICATES = {
    9: "is not valid yet",
    10: "has expired",
    18: "is signed by itself",
    19: "is signed by an authority that this computer does not know",
    20: "is signed by an authority that this computer does not know",
    62: "is for another host",
    64: "is for another host",
}


class TransientError(Exception):
    """It may work in a moment. ``error`` is what to say where it doesn't, ``wait`` what the server asks for, in seconds.

    ``again``: whether trying again is of any use now. Whether the server did what it was asked is not known.
    """

    def __init__(self, error: DeskError, wait: float | None = None, again: bool = True) -> None:
        super().__init__(error.message)
        self.error, self.wait, self.again = error, wait, again


class Wire:
    """The connections to one service. ``label`` is what people call it; ``certificates`` a file of authorities to trust instead."""

    def __init__(self, label: str, seconds: float, certificates: str | None = None) -> None:
        self._label = label
        self._timeout = (CONNECT_SECONDS, seconds)
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = certificates or True
        self._session.headers.clear()
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    def exchange(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, check: Callable[[], None]) -> Answer:
        """Ask once. ``UnreachableError`` or ``TransientError`` where there is no whole answer; any status is an answer.

        ``check`` is called while a long answer is read, and may raise.
        """
        sent = {"Accept": "application/json", "Accept-Encoding": "gzip, deflate", "User-Agent": "dsr-desk", **headers}
        try:
            with self._session.request(
                method, url, headers=sent, data=body, timeout=self._timeout, allow_redirects=False, stream=True
            ) as response:
                read = b"".join(self._pieces(response, check))
                return Answer(response.status_code, {n.lower(): v for n, v in response.headers.items()}, read)
        except requests.exceptions.SSLError as error:
            raise UnreachableError(*self._distrusted(error)) from None
        except requests.exceptions.ConnectTimeout:
            raise self._failed("does not answer.", again=False) from None
        except requests.exceptions.Timeout:
            raise self._failed(f"did not answer within {self._timeout[1]:g} seconds.", again=False) from None
        except requests.exceptions.ConnectionError as error:
            if "Read timed out" in str(error):
                raise self._failed(f"did not answer within {self._timeout[1]:g} seconds.", again=False) from None
            raise self._disconnected(error) from None
        except requests.exceptions.ChunkedEncodingError:
            raise self._failed("broke off in the middle of an answer.") from None
        except (requests.exceptions.RequestException, UnicodeError):
            raise self._failed("gave an answer that can't be read.") from None
        except OSError:
            raise UnreachableError(
                f"The file of certificates for {self._label} can't be read.", "Check certificates: in its catalog file."
            ) from None

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _pieces(self, response: Any, check: Callable[[], None]) -> Iterator[bytes]:
        ends = time.monotonic() + LONGEST_ANSWER
        size = 0
        for piece in response.iter_content(65_536):
            check()
            size += len(piece)
            if size > LARGEST_ANSWER:
                raise UnreachableError(
                    f"{self._label} gave an answer of more than {LARGEST_ANSWER // 1024 // 1024} MB.",
                    "Ask for smaller pages (paging: size).",
                )
            if time.monotonic() > ends:
                raise self._failed(f"took more than {LONGEST_ANSWER:g} seconds for one answer.", again=False)
            yield piece

    def _failed(self, what: str, again: bool = True) -> TransientError:
        error = UnreachableError(f"{self._label} {what}", "Check that the service is running, then try again.")
        return TransientError(error, again=again)

    def _disconnected(self, error: BaseException) -> TransientError:
        reasons = list(_chain(error))
        if any(isinstance(r, NameResolutionError) for r in reasons):
            return self._failed("can't be found: no computer has the name in its url:.", again=False)
        if any(isinstance(r, NewConnectionError) for r in reasons):
            return self._failed("can't be reached.", again=False)
        return self._failed("broke the connection off.")

    def _distrusted(self, error: BaseException) -> tuple[str, str]:
        number = next((r.verify_code for r in _chain(error) if isinstance(r, ssl.SSLCertVerificationError)), 0)
        if not number:
            return f"No safe connection to {self._label} can be made.", "Ask its operators which versions of TLS it speaks."
        what = _CERTIFICATES.get(number, "can't be trusted")
        hint = "Ask its operators. For an authority of your own company, name its file: options: {certificates: ca.pem}."
        return f"The certificate of {self._label} {what}; nothing was sent.", hint


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and everything that it was made of."""
    seen: list[BaseException] = []
    todo: list[Any] = [error]
    while todo:
        one = todo.pop()
        if isinstance(one, BaseException) and one not in seen:
            seen.append(one)
            todo += [*one.args, getattr(one, "reason", None), one.__cause__, one.__context__]
    return iter(seen)

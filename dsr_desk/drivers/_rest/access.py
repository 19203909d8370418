"""Showing a service who asks: the secret comes from the keyring, and goes into one header of a request to its own host."""

from __future__ import annotations

import base64
from collections.abc import Callable
from urllib.parse import quote_plus, urlencode

from dsr_desk.drivers._rest.answer import BrokenAnswerError
from dsr_desk.drivers._rest.options import Auth
from dsr_desk.drivers._rest.wire import Wire
from dsr_desk.errors import CredentialsError


class Access:
    """The headers by which one service knows us. ``user`` is the name in its url."""

    def __init__(self, auth: Auth, label: str, user: str, secret: Callable[[], str | None]) -> None:
        self._auth, self._label, self._user, self._secret = auth, label, user, secret
        self._token: str | None = None

    @property
    def renewable(self) -> bool:
        """Whether another token may be let in where this one isn't (any more)."""
        return self._auth.kind == "oauth2"

    def forget(self) -> None:
        """Ask for a new token next time."""
        self._token = None

    def headers(self, wire: Wire, check: Callable[[], None]) -> dict[str, str]:
        """What to send along. ``CredentialsError`` where there is no secret, or it is none that can be sent."""
        kind = self._auth.kind
        if kind == "none":
            return {}
        if kind == "basic":
            return {"Authorization": _basic(self._user, self._password())}
        if kind == "bearer":
            return {"Authorization": f"Bearer {self._password()}"}
        if kind == "header":
            return {self._auth.header: self._password()}
        if self._token is None:
            self._token = self._granted(wire, check)
        return {"Authorization": f"Bearer {self._token}"}

    def _password(self) -> str:
        password = self._secret()
        if not password:
            raise CredentialsError(f"No password is kept for {self._label}.", "Keep it in the keyring: dsr-desk secret set SYSTEM.")
        if not password.isprintable() or (self._auth.kind in ("bearer", "header") and not password.isascii()):
            raise CredentialsError(
                f"The password of {self._label} has characters that can't be sent.",
                "Keep it again, without line ends: dsr-desk secret set SYSTEM.",
            )
        return password

    def _granted(self, wire: Wire, check: Callable[[], None]) -> str:
        """A token for the client's own credentials (RFC 6749 section 4.4)."""
        auth = self._auth
        asked = {"grant_type": "client_credentials", "scope": auth.scope, "audience": auth.audience}
        body = urlencode({n: v for n, v in asked.items() if v}).encode("ascii")
        client = quote_plus(auth.client_id or self._user), quote_plus(self._password())  # section 2.3.1
        headers = {"Authorization": _basic(*client), "Content-Type": "application/x-www-form-urlencoded"}
        answer = wire.exchange("POST", auth.token_url, headers, body, check)
        try:
            token = answer.data()["access_token"] if answer.status == 200 else None
        except (BrokenAnswerError, LookupError, TypeError):
            token = None
        if not isinstance(token, str) or not token.isascii() or not token.isprintable():
            raise CredentialsError(
                f"{self._label} gave no token (it answered {answer.status}).",
                "Check token_url:, client_id: and the secret in the keyring.",
            )
        return token


def _basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode("ascii")

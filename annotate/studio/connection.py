"""Requests to Label Studio: the token, what is tried again, and what a refusal means.

Plain requests, not the SDK, for measured reasons: importing the SDK takes 1 to 2.3 s,
more than a whole pull with nothing new may; its models turn dates into objects and add
fields, so that the audit log would not hold what the server said; and it repeats an
import after a cut connection, which leaves every task twice.
"""

import re
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from annotate.errors import ServerFault, WrongToken
from annotate.studio import wire

if TYPE_CHECKING:
    import httpx

_TIMEOUT_S = 600
_PASSING = frozenset({429, 502, 503, 504})
_UNAUTHORISED = 401


class Connection:
    """One server and one token, legacy or personal access token.

    Reads are tried `patience` times; writes again only when the connection was never made.
    `when_down` and `when_refused` are the hints of ServerFault and WrongToken.
    """

    def __init__(
        self, base_url: str, token: str, *, patience: int, when_down: str, when_refused: str
    ) -> None:
        """Take the address and the token; nothing is sent yet."""
        self.base_url = base_url.rstrip("/")
        self._name = f"Label Studio at {self.base_url}"
        self._token = token.strip()
        self._personal = self._token.count(".") == 2  # noqa: PLR2004 - a JWT has three parts
        self._access = ""
        self._patience = patience
        self._when_down, self._when_refused = when_down, when_refused
        self._http = self._session()

    def close(self) -> None:
        """Close what is open to the server."""
        self._http.close()

    def json(self, method: str, path: str, *, params: Any = None, body: Any = None) -> Any:
        """Give the JSON that the server answers; None when it answers nothing."""
        return self.accepted(self.answer(method, path, params=params, body=body))

    def answer(
        self, method: str, path: str, *, params: Any = None, body: Any = None
    ) -> "httpx.Response":
        """Give the answer, refusals too; a personal token is renewed when its time is over."""
        response = self._send(method, path, params=params, body=body)
        if response.status_code == _UNAUTHORISED and self._access:
            self._access = ""  # it lives five minutes
            response = self._send(method, path, params=params, body=body)
        return response

    def token_by_form(self, page: str, **fields: str) -> str | None:
        """Fill in a page for signing up or in, and give the token; None when it is refused."""
        with self._session() as session:
            self._send("GET", page, session=session)
            form = {**fields, "csrfmiddlewaretoken": session.cookies.get("csrftoken", "")}
            if not self._send("POST", page, session=session, form=form).is_redirect:
                return None
            answer = self._send("GET", "api/current-user/token", session=session)
            return str(self.accepted(answer)["token"])

    def _session(self) -> "httpx.Client":
        import httpx

        here = _host(self.base_url) in {"127.0.0.1", "localhost", "::1"}
        return httpx.Client(
            base_url=self.base_url,
            timeout=_TIMEOUT_S,
            # Reading certificates takes 40 ms, and plain HTTP has none to check.
            verify=self.base_url.startswith("https:"),
            # The development server answers on a kept-alive connection 40 ms late.
            limits=httpx.Limits(max_keepalive_connections=0 if here else 20),
            trust_env=not here,  # a proxy has no way to this machine's loopback
        )

    def _send(  # noqa: PLR0913 - the parts of a request
        self,
        method: str,
        path: str,
        *,
        params: Any = None,
        body: Any = None,
        form: Any = None,
        session: "httpx.Client | None" = None,
    ) -> "httpx.Response":
        """Give the server's answer, whatever it says; a session of its own needs no token."""
        import httpx

        headers = {"Referer": self.base_url} if session else self._authorisation()
        reading, tries = method == "GET", 0
        while True:
            tries += 1
            final = tries >= self._patience
            try:
                response = (session or self._http).request(
                    method, path, params=params, json=body, data=form, headers=headers
                )
            except httpx.RequestError as error:
                unsent = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)
                if final or not (reading or unsent):
                    raise self._down(error) from None
            else:
                if final or not reading or response.status_code not in _PASSING:
                    return response
            time.sleep(0.1 * 2**tries)

    def _authorisation(self) -> dict[str, str]:
        if not re.fullmatch(r"[!-~]+", self._token):
            raise self._refused("it is empty or has characters that no token has")
        if not self._personal:
            return {"Authorization": f"Token {self._token}"}
        if not self._access:
            with self._session() as session:
                body = {"refresh": self._token}
                answer = self._send("POST", "api/token/refresh/", body=body, session=session)
                self._access = str(self.accepted(answer)["access"])
        return {"Authorization": f"Bearer {self._access}"}

    def accepted(self, response: "httpx.Response") -> Any:
        """Give the answer's JSON, or raise what it means."""
        request = f"{response.request.method} {response.request.url.path}"
        if response.status_code == _UNAUTHORISED:
            raise self._refused(self.detail(response))
        if not response.is_success:
            moved = response.headers.get("location")
            reason = f"moved to {moved}" if moved else self.detail(response)
            raise ServerFault(
                f"{self._name} refuses {request}: {response.status_code} "
                f"{reason or response.reason_phrase}",
                hint="",
            )
        if not response.content:
            return None
        try:
            return response.json()
        except ValueError:
            raise ServerFault(
                f"what answers at {self.base_url} is not Label Studio", hint=self._when_down
            ) from None

    def detail(self, response: "httpx.Response") -> str:
        """Give the reason in a refusal as one short line."""
        return wire.detail(response.text, secret=self._token)

    def _refused(self, reason: str) -> WrongToken:
        return WrongToken(
            f"{self._name} does not accept the token: {reason}", hint=self._when_refused
        )

    def _down(self, error: Exception) -> ServerFault:
        import httpx

        late = isinstance(error, httpx.TimeoutException)
        silence = f"did not answer within {_TIMEOUT_S} s" if late else "does not answer"
        return ServerFault(f"{self._name} {silence}", hint=self._when_down)


def _host(url: str) -> str:
    try:
        parts = urlsplit(url)
        known = parts.scheme in {"http", "https"} and (parts.port or 1) > 0
    except ValueError:
        known = False
    if not known or not parts.hostname:
        raise ServerFault(
            f'"{url}" is not the address of a server',
            hint="Write it as https://host in [studio] url of annotate.toml",
        )
    return parts.hostname

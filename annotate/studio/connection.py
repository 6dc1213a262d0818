"""Requests to Label Studio: the token, what is tried again, and what a refusal means.

The SDK's transport sends them: it knows both kinds of token and renews the personal one.
Its models stand aside, for measured reasons: they take 0.8 to 2.3 s to import, more than
a whole pull with nothing new may, and they turn dates into objects and add fields, so
that the audit log would not hold what the server said. Its retries are off: they repeat
an import after a cut connection, which leaves every task twice.
"""

import json
import re
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from annotate.errors import ServerFault, WrongToken
from annotate.studio import wire

if TYPE_CHECKING:
    import httpx
    from label_studio_sdk.core.client_wrapper import SyncClientWrapper

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
        self._patience = patience
        self._when_down, self._when_refused = when_down, when_refused
        self._http = self._session()
        self._sdk: SyncClientWrapper | None = None

    def close(self) -> None:
        """Close what is open to the server."""
        self._http.close()

    def json(self, method: str, path: str, *, params: Any = None, body: Any = None) -> Any:
        """Give the JSON that the server answers; None when it answers nothing."""
        return self.accepted(self.answer(method, path, params=params, body=body))

    def answer(
        self, method: str, path: str, *, params: Any = None, body: Any = None
    ) -> "httpx.Response":
        """Give the answer, refusals too."""
        content = None if body is None else json.dumps(body).encode()
        headers = {} if body is None else {"Content-Type": "application/json"}

        def send() -> "httpx.Response":
            response: httpx.Response = self._transport().httpx_client.request(
                path,
                method=method,
                params=params,
                content=content,
                headers=headers,
                request_options={"max_retries": 0},
            )
            return response

        return self._send(send, reading=method == "GET")

    def token_by_form(self, page: str, **fields: str) -> str | None:
        """Fill in a page for signing up or in, and give the token; None when it is refused."""
        headers = {"Referer": self.base_url}
        with self._session() as session:
            self._send(lambda: session.get(page, headers=headers), reading=True)
            form = {**fields, "csrfmiddlewaretoken": session.cookies.get("csrftoken", "")}
            entered = self._send(
                lambda: session.post(page, data=form, headers=headers), reading=False
            )
            if not entered.is_redirect:
                return None
            token = self._send(lambda: session.get("api/current-user/token"), reading=True)
            return str(self.accepted(token)["token"])

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

    def _send(self, request: Callable[[], "httpx.Response"], *, reading: bool) -> "httpx.Response":
        """Give the server's answer, whatever it says, after as many tries as are due."""
        import httpx

        tries = 0
        while True:
            tries += 1
            final = tries >= self._patience
            try:
                response = request()
            except httpx.RequestError as error:
                unsent = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)
                if final or not (reading or unsent):
                    raise self._down(error) from None
            else:
                if final or not reading or response.status_code not in _PASSING:
                    return response
            time.sleep(0.1 * 2**tries)

    def _transport(self) -> "SyncClientWrapper":
        """Give the SDK's transport with a token that holds now; raises WrongToken."""
        from label_studio_sdk.core.api_error import ApiError
        from label_studio_sdk.core.client_wrapper import SyncClientWrapper

        if not re.fullmatch(r"[!-~]+", self._token):
            raise self._refused("it is empty or has characters that no token has")
        try:
            if self._sdk is None:
                self._sdk = SyncClientWrapper(
                    api_key=self._token,
                    base_url=self.base_url,
                    httpx_client=self._http,
                    timeout=_TIMEOUT_S,
                )
            self._sdk.get_headers()  # renews a personal token whose time is over
        except ApiError as error:
            said = wire.detail(json.dumps(error.body), secret=self._token)
            raise self._refused(said) from None
        except ValueError:
            raise self._foreign() from None
        return self._sdk

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
            raise self._foreign() from None

    def detail(self, response: "httpx.Response") -> str:
        """Give the reason in a refusal as one short line."""
        return wire.detail(response.text, secret=self._token)

    def _foreign(self) -> ServerFault:
        return ServerFault(
            f"what answers at {self.base_url} is not Label Studio", hint=self._when_down
        )

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
    if parts.username is not None or parts.password is not None:
        raise ServerFault(
            f"the address of the server at {parts.hostname} holds a user or a password",
            hint="Write it without them in [studio] url of annotate.toml: the token is enough",
        )
    return parts.hostname

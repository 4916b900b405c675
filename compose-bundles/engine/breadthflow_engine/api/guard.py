"""Who may ask: a request to a loopback name, with the token."""

from __future__ import annotations

import secrets
from collections.abc import Collection

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from breadthflow_engine.api.problems import problem_response
from breadthflow_engine.protocol.errors import StepError

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
_OPEN = frozenset({"/healthz"})
_METRICS = "/metrics"


class Guard:
    """Stands before the application: nothing of a request is read until it has passed.

    A web page that the user visits can send requests to loopback ports, and can make a name of
    its own resolve to 127.0.0.1. The first has no token, the second has a foreign Host header.

    Args:
        token: opens everything.
        metrics_token: opens `/metrics` and nothing else, for who watches and is to start nothing.
        names: further names under which it is reached, such as a container's.
    """

    def __init__(
        self,
        app: ASGIApp,
        token: str,
        metrics_token: str | None = None,
        names: Collection[str] = (),
    ) -> None:
        self._app = app
        self._expected = f"Bearer {token}".encode()
        self._for_metrics = f"Bearer {metrics_token}".encode() if metrics_token else self._expected
        self._names = _LOOPBACK | frozenset(names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(Request(scope))
        if refusal is None:
            await self._app(scope, receive, send)
        else:
            await problem_response(refusal)(scope, receive, send)

    def _refusal(self, request: Request) -> StepError | None:
        host = request.headers.get("host", "")
        name = host if host.endswith("]") else host.rpartition(":")[0] or host
        if name not in self._names:
            return StepError(
                "request.bad_host",
                f"The engine does not answer for the host {host!r}.",
                "Use its address on 127.0.0.1.",
            )
        if request.url.path in _OPEN:
            return None
        given = request.headers.get("authorization")
        if given is None:
            return StepError(
                "request.no_token",
                "The request has no bearer token.",
                "Send the engine's token in the header Authorization.",
            )
        expected = {self._expected}
        if request.url.path == _METRICS:
            expected.add(self._for_metrics)
        if not any(secrets.compare_digest(given.encode(), one) for one in expected):
            return StepError(
                "request.wrong_token",
                "The bearer token of the request is not this engine's.",
                "The engine may have been started again; read its token anew.",
            )
        return None

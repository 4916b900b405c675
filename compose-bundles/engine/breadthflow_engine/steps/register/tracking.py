"""The way to the MLflow server, and what its errors mean."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import requests
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

from breadthflow_engine.protocol.errors import StepError

PROBE_SECONDS = 5.0


def connect(url: str) -> MlflowClient:
    """A client of the server at `url`, once that has answered its health check.

    Raises:
        StepError: `register.unreachable`, or `register.not_mlflow` if another program answers.
    """
    if urlsplit(url).scheme not in ("http", "https"):
        raise StepError(
            "register.not_a_server",
            f"The tracking place {url} is not the address of an MLflow server.",
            "Give an http:// or https:// address; a file store is not supported.",
            place="tracking",
        )
    health = f"{url.rstrip('/')}/health"
    try:
        # No proxy: the server is the app's own, on loopback.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(health, timeout=PROBE_SECONDS) as answer:
            said = answer.read(100)
    except urllib.error.HTTPError as error:
        raise _not_mlflow(url, f"status {error.code}") from error
    except OSError as error:
        raise _unreachable(url, error) from error
    if said.strip() != b"OK":
        raise _not_mlflow(url, repr(said[:20]))
    return MlflowClient(tracking_uri=url, registry_uri=url)


@contextmanager
def told(url: str) -> Iterator[None]:
    """What MLflow or the connection raises, as an error that a person can act on."""
    try:
        yield
    except (requests.RequestException, ConnectionError) as error:
        raise _unreachable(url, error) from error
    except MlflowException as error:
        if isinstance(error.__cause__ or error.__context__, requests.RequestException) or (
            "Max retries exceeded" in str(error) or "API request to" in str(error)
        ):
            raise _unreachable(url, error) from error
        raise StepError(
            "register.refused",
            f"The MLflow server at {url} refused: {error}",
            "Look at the log of the mlflow service. If its database is damaged, restore a backup.",
            place="tracking",
            url=url,
        ) from error


def _unreachable(url: str, error: Exception) -> StepError:
    return StepError(
        "register.unreachable",
        f"The MLflow server at {url} does not answer: {error}",
        "See whether the mlflow service is up and what its log says, then run the idea again: "
        "the steps before this one are kept.",
        place="tracking",
        url=url,
    )


def _not_mlflow(url: str, said: str) -> StepError:
    return StepError(
        "register.not_mlflow",
        f"What answers at {url} is not an MLflow server (its health check says {said}).",
        "Another program has taken the port: stop it, or give MLflow another port.",
        place="tracking",
        url=url,
    )

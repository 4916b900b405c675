"""Versions of registered models, at most one for a content key."""

from __future__ import annotations

from collections.abc import Mapping

from mlflow import MlflowClient
from mlflow.entities import Run
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import RestException

from breadthflow_engine.steps.register.records import KEY_TAG

CHALLENGER = "challenger"


def find_version(client: MlflowClient, model: str, key: str) -> ModelVersion | None:
    """The version that was registered for this content key, if there is one."""
    found = client.search_model_versions(f"name = '{model}' AND tags.`{KEY_TAG}` = '{key}'")
    return max(found, key=lambda version: int(version.version), default=None)


def register_version(
    client: MlflowClient, model: str, run: Run, source: str, tags: Mapping[str, str]
) -> ModelVersion:
    """Register a new version; its tags come with it in one call, so that none lacks its key."""
    try:
        client.create_registered_model(model)
    except RestException as error:
        if error.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
    return client.create_model_version(
        model, source=source, run_id=run.info.run_id, tags=dict(tags)
    )


def make_challenger(client: MlflowClient, version: ModelVersion) -> bool:
    """Point `@challenger` at a version, unless it or a later one has been given an alias."""
    model = client.get_registered_model(version.name)
    aliases = {alias: int(number) for alias, number in model.aliases.items()}
    number = int(version.version)
    if number in aliases.values() or aliases.get(CHALLENGER, 0) > number:
        return aliases.get(CHALLENGER) == number
    client.set_registered_model_alias(version.name, CHALLENGER, version.version)
    return True

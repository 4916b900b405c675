"""Parameters of the register step."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class RegisterParams(BaseModel):
    """`model_name` is the registered model's, and its experiment's; `tags` say where the model
    came from (idea, run, data, data_version, code ...) and are no part of the content key."""

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())

    model_name: str = Field(min_length=1, max_length=200, pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._-]*$")
    tags: dict[str, str] = Field(default_factory=dict)

"""Errors that a person can act on: what happened, where, and what to do."""

from __future__ import annotations

from typing import Any


class StepError(Exception):
    """A step cannot go on, for a reason that a person can do something about.

    Args:
        code: stable machine word, `area.reason`, such as `ingest.no_rows`.
        detail: one sentence that names the file, field or service.
        hint: one sentence that says what to do.
        where: structured place of the fault: file, line, column, field, symbol.
    """

    def __init__(self, code: str, detail: str, hint: str, **where: Any) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.hint = hint
        self.where = where

    def problem(self) -> dict[str, Any]:
        """The error as the body of an `application/problem+json` answer (RFC 9457)."""
        return {
            "type": f"urn:breadthflow:{self.code}",
            "title": self.code,
            "code": self.code,
            "detail": self.detail,
            "hint": self.hint,
            **({"where": self.where} if self.where else {}),
        }

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuild, (self.code, self.detail, self.hint, self.where))


def _rebuild(code: str, detail: str, hint: str, where: dict[str, Any]) -> StepError:
    return StepError(code, detail, hint, **where)


class Cancelled(Exception):  # noqa: N818 - it is a request that was granted, not an error
    """The job was cancelled or ran past its deadline."""


def past_deadline(step: str, seconds: float | None) -> StepError:
    return StepError(
        "job.past_deadline",
        f"The step {step} was ended after {seconds} s, its deadline.",
        "Give it more time, or less to do.",
        step=step,
        deadline_s=seconds,
    )

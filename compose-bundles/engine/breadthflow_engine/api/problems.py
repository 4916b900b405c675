"""Every error of the API is an `application/problem+json` with a code, a detail and a hint."""

from __future__ import annotations

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from breadthflow_engine.protocol.errors import StepError

log = structlog.get_logger("api")

_STATUS = {
    "request.no_token": 401,
    "request.wrong_token": 401,
    "request.bad_host": 403,
    "request.no_such_path": 404,
    "job.unknown": 404,
    "bars.table_missing": 404,
    "bars.version_missing": 404,
    "bars.unknown_symbols": 404,
    "artifact.file_missing": 404,
    "request.method_not_allowed": 405,
    "step.unknown": 422,
    "engine.environment_unknown": 422,
    "request.invalid": 422,
    "engine.unexpected": 500,
    "engine.environment_missing": 503,
}


def problem_response(error: StepError) -> JSONResponse:
    status = _STATUS.get(error.code, 400)
    return JSONResponse(
        {**error.problem(), "status": status},
        status_code=status,
        media_type="application/problem+json",
        headers={"WWW-Authenticate": "Bearer"} if status == 401 else None,
    )


def add_problem_handlers(app: FastAPI) -> None:
    @app.exception_handler(StepError)
    def _named(request: Request, error: StepError) -> JSONResponse:
        return problem_response(error)

    @app.exception_handler(RequestValidationError)
    def _invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        faults = {
            ".".join(str(part) for part in fault["loc"] if part != "body") or "body": fault["msg"]
            for fault in error.errors()
        }
        said = "; ".join(f"{field}: {message}" for field, message in faults.items())
        return problem_response(
            StepError(
                "request.invalid",
                f"The request is not valid: {said}.",
                "Correct the named fields.",
                fields=list(faults),
            )
        )

    @app.exception_handler(HTTPException)
    def _routing(request: Request, error: HTTPException) -> JSONResponse:
        code = "request.method_not_allowed" if error.status_code == 405 else "request.no_such_path"
        return problem_response(
            StepError(
                code,
                f"There is no {request.method} {request.url.path}.",
                "The command `python -m breadthflow_engine openapi` prints what there is.",
            )
        )

    @app.exception_handler(Exception)
    def _unforeseen(request: Request, error: Exception) -> JSONResponse:
        log.error("request failed", path=request.url.path, exc_info=error)
        return problem_response(
            StepError(
                "engine.unexpected",
                f"{type(error).__name__}: {error}",
                "This is a defect of the engine. Its log has the whole traceback.",
            )
        )

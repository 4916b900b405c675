"""Routes for looking: what screens show of sources, bars and findings. Nothing is written.

Requests carry paths, which are long and private: they are in the body, never in an address that a
log may keep. The libraries that read tables are imported by the first question, so that an engine
that is only asked what it can do stays small.
"""

from __future__ import annotations

from fastapi import APIRouter

from breadthflow_engine.viewing.messages import (
    BarsPlace,
    Difference,
    DifferenceRequest,
    FindingDays,
    Positions,
    PositionsRequest,
    Preview,
    PreviewRequest,
    Prices,
    PricesRequest,
    SymbolSpan,
    Trades,
    TradesRequest,
)

viewing = APIRouter(prefix="/view")


@viewing.post("/preview")
def preview(request: PreviewRequest) -> Preview:
    """How sources would be understood, before anything is written."""
    from breadthflow_engine.viewing.preview import preview as look

    return look(request)


@viewing.post("/symbols")
def symbols(request: BarsPlace) -> list[SymbolSpan]:
    """All symbols of a version."""
    from breadthflow_engine.viewing.prices import symbols as look

    return look(request)


@viewing.post("/prices")
def prices(request: PricesRequest) -> Prices:
    """The bars of one symbol with the findings on them."""
    from breadthflow_engine.viewing.prices import prices as look

    return look(request)


@viewing.post("/finding-days")
def finding_days(request: BarsPlace) -> FindingDays:
    """How many findings touch each day."""
    from breadthflow_engine.viewing.finding_days import finding_days as look

    return look(request)


@viewing.post("/difference")
def difference(request: DifferenceRequest) -> Difference:
    """What another version has that this one has not."""
    from breadthflow_engine.viewing.difference import difference as look

    return look(request)


@viewing.post("/trades")
def trades(request: TradesRequest) -> Trades:
    """A page of the fills of a backtest."""
    from breadthflow_engine.viewing.book import trades as look

    return look(request)


@viewing.post("/positions")
def positions(request: PositionsRequest) -> Positions:
    """A page of what a backtest held at each close."""
    from breadthflow_engine.viewing.book import positions as look

    return look(request)

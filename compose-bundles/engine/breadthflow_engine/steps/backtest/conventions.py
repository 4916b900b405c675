"""What a backtest's numbers rest on, in words."""

from __future__ import annotations

from breadthflow_engine.backtest.portfolio import DELISTED_AFTER
from breadthflow_engine.backtest.settings import BARS_PER_YEAR, Trading

_AT = {"next_open": "open", "next_close": "close", "next_vwap": "mean price"}


def conventions(trading: Trading, dividends: bool = False) -> list[str]:
    """Sentences that a report can print.

    Args:
        dividends: whether the data says what was paid.
    """
    said = [
        f"A signal of day t is known at its close and traded at the next bar's "
        f"{_AT[trading.execution]}; positions then drift until the next rebalance, "
        f"{_period(trading)} later.",
        f"Each trade costs {trading.commission_bps:g} + {trading.slippage_bps:g} bps of its "
        f"notional; shorts pay {trading.borrow_bps_per_year:g} bps a year, per bar.",
        "A symbol without a bar that day is not traded and its order lapses; what is held keeps "
        f"its last price, and is paid out after {DELISTED_AFTER} bars without one"
        + (f", at {trading.delisting_return:+.0%} on it." if trading.delisting_return else "."),
        f"{_interest(trading)}; dividends are {_dividends(dividends)}; nothing is sold at the end.",
        "The benchmark holds the same symbols with equal weights, with the same days, execution "
        "and costs.",
        f"Yearly numbers count {BARS_PER_YEAR} bars a year.",
    ]
    said[2:2] = _sizes(trading)
    if trading.execution == "next_vwap":
        said.insert(1, "The mean of a bar's open, high, low and close stands for its VWAP.")
    if trading.execution != "next_close":
        said.insert(1, "Where a bar lacks that price, the order is filled at that bar's close.")
    return said


def _period(trading: Trading) -> str:
    count, unit = trading.rebalance, trading.calendar
    period = f"{count} {unit}{'s' if count > 1 else ''}"
    if trading.overlap > 1:
        return f"{period} later; each renews one of {trading.overlap} equal parts of the book"
    return period


def _interest(trading: Trading) -> str:
    if not trading.cash_rate and not trading.margin_bps_per_year:
        return "Cash earns nothing"
    return (
        f"Cash, the proceeds of shorts included, earns {trading.cash_rate:.2%} a year, and debt "
        f"costs {trading.margin_bps_per_year:g} bps more"
    )


def _dividends(known: bool) -> str:
    return "those that the adjusted closes imply" if known else "not included"


def _sizes(trading: Trading) -> list[str]:
    said = []
    if trading.spread != "none":
        authors = {"corwin_schultz": "Corwin and Schultz", "abdi_ranaldo": "Abdi and Ranaldo"}
        said.append(
            f"Half of the bid-ask spread is paid on top, as {authors[trading.spread]} estimate it "
            "from the last month's bars."
        )
    if trading.impact:
        said.append(
            f"Trades move prices by the square-root law, with Y = {trading.impact:g}, for a book "
            f"of {trading.capital:,.0f} at the start."
        )
    if trading.participation is not None:
        said.append(
            f"At most {trading.participation:.0%} of a bar's volume is traded; the rest lapses."
        )
    if trading.whole_shares:
        said.append(f"Positions are whole shares of a book of {trading.capital:,.0f} at the start.")
    if trading.max_turnover is not None:
        said.append(
            f"A rebalance trades {trading.max_turnover:.0%} of equity at most; all of its orders "
            "are cut alike."
        )
    return said

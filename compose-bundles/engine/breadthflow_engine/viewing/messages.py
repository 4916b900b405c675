"""Questions and answers of the viewing routes: light, for the API describes itself by them."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from breadthflow_engine.workers.jobs import Problem

Kind = Literal["bars", "attributes", "empty", "refused"]


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class BarsPlace(_Message):
    """A version of a table of bars, and where its check lies if there is one.

    Attributes:
        table: `file:` URI of the Delta table.
        version: version of the table.
        check: `file:` URI of the folder that the check of this version left.
    """

    table: str
    version: int = Field(ge=0)
    check: str | None = None


class SymbolSpan(_Message):
    symbol: str
    rows: int
    first: str
    last: str
    findings: int = Field(description="Findings on this symbol; 0 where nothing was checked.")


class PricesRequest(BarsPlace):
    symbol: str


class Flag(_Message):
    """A finding on the bars that are shown."""

    rule: str
    severity: Literal["info", "warning", "error"]
    action: Literal["kept", "repaired", "quarantined"]
    date_from: str
    date_to: str
    detail: str


class Prices(_Message):
    """The bars of one symbol as they were imported, one list a column, by date."""

    symbol: str
    date: list[str]
    open: list[float | None]
    high: list[float | None]
    low: list[float | None]
    close: list[float | None]
    volume: list[float | None]
    flags: list[Flag]


class DayFindings(_Message):
    date: str
    error: int
    warning: int
    info: int


class FindingDays(_Message):
    """How many findings touch each day; days without any are left out.

    A finding on the data set as a whole, such as survivorship, is on no day.
    """

    days: list[DayFindings]


class LinesRequest(_Message):
    """A page of what a backtest traded or held.

    Attributes:
        backtest: `file:` URI of the folder that the backtest step left.
        symbol: only of this one.
        date: only of this day.
    """

    backtest: str
    symbol: str | None = None
    date: str | None = Field(default=None, pattern=r"^\d{4}-\d{2}-\d{2}$")
    offset: int = Field(default=0, ge=0)
    limit: int = Field(default=100, ge=1, le=500)


class TradesRequest(LinesRequest):
    order: Literal["newest", "largest", "dearest"] = "newest"


class PositionsRequest(LinesRequest):
    order: Literal["newest", "largest"] = "newest"


class Trade(_Message):
    """One fill, at the price of the bar of `date`; costs are shares of equity."""

    symbol: str
    signal_date: str
    date: str
    price_of: Literal["open", "vwap", "close"]
    side: Literal["buy", "sell"]
    shares: float
    price: float
    notional: float
    weight_change: float
    commission: float
    spread_cost: float
    impact_cost: float
    cost: float


class Trades(_Message):
    lines: list[Trade]
    in_all: int
    symbols: int
    cost: float = Field(description="Of all that were asked for, in shares of equity.")


class Position(_Message):
    """What was held of a symbol at a close, at the close of the bar of `price_date`."""

    date: str
    symbol: str
    shares: float
    price: float
    price_date: str
    value: float
    weight: float


class Positions(_Message):
    lines: list[Position]
    in_all: int
    symbols: int


class DifferenceRequest(_Message):
    table: str
    before: int = Field(ge=0)
    after: int = Field(ge=0)


class SymbolDifference(_Message):
    symbol: str
    added: int
    changed: int
    removed: int
    first: str
    last: str


class BarChange(_Message):
    """One bar that is not what it was; a side is null where the bar is not there."""

    symbol: str
    date: str
    before: dict[str, float | None] | None
    after: dict[str, float | None] | None


class Difference(_Message):
    """What is different in `after`, in all and by symbol; the first changes one by one."""

    added: int
    changed: int
    removed: int
    symbols: list[SymbolDifference]
    changes: list[BarChange]


class PreviewRequest(_Message):
    """Sources to look into, and what a person says about their columns; see `IngestParams`."""

    paths: list[str] = Field(min_length=1)
    columns: dict[str, str] = Field(default_factory=dict)
    timezone: str | None = None
    date_format: str | None = None


class ColumnReading(_Message):
    """How one column is understood."""

    role: str
    column: str
    source_type: str
    stored_as: str


class FilePreview(_Message):
    """How a file is understood, or why it cannot be; `header` and `raw` are as it is written."""

    file: str
    bytes: int
    kind: Kind
    form: str | None = None
    separator: str | None = None
    decimal_comma: bool = False
    dates: str | None = None
    time_zone: str | None = None
    symbol_from_file_name: bool = False
    columns: list[ColumnReading] = Field(default_factory=list)
    header: list[str] = Field(default_factory=list)
    raw: list[list[str | None]] = Field(default_factory=list)
    rows: list[dict[str, str | float | None]] = Field(default_factory=list)
    problem: Problem | None = None


class Preview(_Message):
    """The first of the files that sources stand for, and how many there are."""

    files: list[FilePreview]
    files_in_all: int

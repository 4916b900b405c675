"""Which column of a source plays which role.

A name is compared with the table below after case, spaces and punctuation are taken away, so that
`Adj Close`, `adj_close` and `ADJ-CLOSE` are one name. Where a strong name and a weak name are both
there (`symbol` beside `name`), the strong one is meant.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.steps.ingest.params import Role

ROLES: tuple[Role, ...] = get_args(Role)
VALUES: tuple[Role, ...] = ("open", "high", "low", "close", "volume")

# role -> (strong names, weak names)
SYNONYMS: Mapping[Role, tuple[frozenset[str], frozenset[str]]] = {
    "symbol": (
        frozenset({"symbol", "ticker", "sym", "tickersymbol", "stocksymbol", "ric", "instrument"}),
        frozenset({"name", "code", "security", "securityid", "asset", "stock", "id"}),
    ),
    "date": (
        frozenset(
            {"date", "datetime", "timestamp", "tradedate", "tradingdate", "pricedate", "tradingday"}
        ),
        frozenset({"time", "day", "dt", "ts", "asof", "asofdate", "index"}),
    ),
    "open": (frozenset({"open", "openprice", "opening", "pxopen"}), frozenset({"o"})),
    "high": (frozenset({"high", "highprice", "pxhigh", "max"}), frozenset({"h"})),
    "low": (frozenset({"low", "lowprice", "pxlow", "min"}), frozenset({"l"})),
    "close": (
        frozenset({"close", "closeprice", "closing", "closelast", "pxlast", "pxclose"}),
        frozenset({"c", "last", "price", "lastprice"}),
    ),
    "volume": (
        frozenset({"volume", "vol", "totalvolume", "tradedvolume", "sharevolume", "pxvolume"}),
        frozenset({"v", "shares", "qty", "quantity"}),
    ),
    "adj_close": (
        frozenset({"adjclose", "adjustedclose", "closeadj", "closeadjusted", "adjcloseprice"}),
        frozenset({"adjusted", "adj"}),
    ),
    "sector": (
        frozenset({"sector", "gicssector", "industrysector"}),
        frozenset({"gics", "sectorname"}),
    ),
}


@dataclass(frozen=True)
class Recognition:
    """The source's column for each role that was found."""

    columns: Mapping[Role, str]

    @property
    def is_attributes(self) -> bool:
        """A table of attributes says something of symbols, at no date."""
        return {"symbol", "sector"} <= self.columns.keys() and "date" not in self.columns


def recognise(file: str, header: Sequence[str], told: Mapping[Role, str]) -> Recognition:
    """Find the roles of a header's columns.

    Args:
        file: name of the source, for messages.
        header: its column names, in order.
        told: columns that a person named; they win over the table. One that this file lacks is
            an error only if the role cannot be found by its synonyms either.

    Raises:
        StepError: `ingest.ambiguous_column` or `ingest.missing_column`.
    """
    found: dict[Role, str] = {}
    taken = {column for column in told.values() if column in header}
    for role in ROLES:
        column = told.get(role)
        if column is not None and column in header:
            found[role] = column
            continue
        column = _by_synonym(file, role, [name for name in header if name not in taken])
        if column is not None:
            found[role] = column
    recognition = Recognition(found)
    if recognition.is_attributes:
        return Recognition({role: found[role] for role in ("symbol", "sector")})
    missing = [role for role in ("date", *VALUES) if role not in found]
    if missing:
        raise StepError(
            "ingest.missing_column",
            f"{file} has no column for {', '.join(missing)}; its columns are "
            f"{', '.join(header[:20])}{'…' if len(header) > 20 else ''}.",
            f"Name the column in the source, or say which it is with `columns: "
            f"{{{missing[0]}: COLUMN}}`.",
            file=file,
            field=missing[0],
            columns=list(header[:100]),
        )
    found.pop("sector", None)
    return recognition


def _by_synonym(file: str, role: Role, header: Sequence[str]) -> str | None:
    for names in SYNONYMS[role]:
        matches = [column for column in header if _plain(column) in names]
        if len(matches) == 1:
            return matches[0]
        if matches:
            raise StepError(
                "ingest.ambiguous_column",
                f"{file} has more than one column that may be the {role}: {', '.join(matches)}.",
                f"Say which one is meant with `columns: {{{role}: COLUMN}}`.",
                file=file,
                field=role,
                columns=matches,
            )
    return None


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).lower()

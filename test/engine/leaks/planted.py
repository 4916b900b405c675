"""Leaks of different kinds, each planted into an honest idea."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from world import (
    DAYS,
    HORIZON,
    KEY,
    RETURN,
    SPECS,
    VOLATILITY,
    all_rows,
    bars_of,
    fitted,
    honest,
    made_by,
    moments,
    pipeline_of,
    returns,
    score,
    sessions,
    subject_of,
    with_feature,
)

from breadthflow_engine.language import FeatureSpec
from breadthflow_engine.leaks.subject import Choices, FoldRows, Pick, Subject


@dataclass(frozen=True)
class Planted:
    """`reason`: why it is a leak. `also`: other detectors that rightly see it too."""

    name: str
    reason: str
    detector: str
    subject: Callable[[], Subject]
    also: frozenset[str] = frozenset()


CLOSE = pl.col("close")
LABEL = pl.col("label")


def of_label(value: pl.Expr, kind: str = RETURN) -> Subject:
    """A feature made of the labels."""
    subject = honest(kind)
    assert subject.labels is not None
    return with_feature(
        subject, subject.labels.sort(KEY).select(*KEY, value.over("symbol").alias("alien"))
    )


def noisy_label(kind: str, noise: float) -> Subject:
    subject = honest(kind)
    assert subject.labels is not None
    deviations = pl.Series(np.random.default_rng(5).normal(0, noise, subject.labels.height))
    scale = pl.col("label").std()
    return with_feature(
        subject,
        subject.labels.select(*KEY, (LABEL / scale + deviations).alias("alien")),
    )


def fitted_on_all(name: str, fit: Callable[[pl.DataFrame], np.ndarray]) -> Subject:
    subject = honest()
    seen = all_rows(subject)
    return replace(
        subject,
        fitted=tuple(fitted(name, fold.index, fit, subject, seen) for fold in subject.folds),
    )


def medians(rows: pl.DataFrame) -> np.ndarray:
    return rows.select(pl.col(spec.name).fill_nan(None).median() for spec in SPECS).to_numpy()


def selection_scores(rows: pl.DataFrame) -> np.ndarray:
    return rows.select(pl.corr(spec.name, "label", method="spearman") for spec in SPECS).to_numpy()


def mean_label_by_symbol(rows: pl.DataFrame) -> np.ndarray:
    return rows.group_by("symbol").agg(LABEL.mean()).sort("symbol")["label"].to_numpy()


def refolded(change: Callable[[FoldRows, pl.DataFrame], FoldRows]) -> Subject:
    subject = honest()
    assert subject.labels is not None
    rows = subject.labels.select("symbol", "date", "label_end")
    folds = tuple(change(fold, rows) for fold in subject.folds)
    return replace(subject, folds=folds, fitted=())


def trained_until(bars_before: int) -> Subject:
    """Training goes on until so many bars before the test window, whatever its labels reach."""

    def change(fold: FoldRows, rows: pl.DataFrame) -> FoldRows:
        days = sessions()
        last = days[days.index(fold.test["date"].min()) - bars_before]
        return replace(fold, train=rows.filter(pl.col("date") <= last))

    return refolded(change)


def random_folds() -> Subject:
    days = np.array(sessions())
    part = np.random.default_rng(3).integers(0, 4, len(days))

    def change(fold: FoldRows, rows: pl.DataFrame) -> FoldRows:
        tested = pl.col("date").is_in(days[part == fold.index].tolist())
        return replace(fold, train=rows.filter(~tested), test=rows.filter(tested))

    return refolded(change)


def random_rows() -> Subject:
    def change(fold: FoldRows, rows: pl.DataFrame) -> FoldRows:
        part = pl.Series(np.random.default_rng(3).integers(0, 4, rows.height))
        return replace(
            fold, train=rows.filter(part != fold.index), test=rows.filter(part == fold.index)
        )

    return refolded(change)


SECTOR = pl.col("symbol").str.tail(2).cast(pl.Int32) % 8


def in_parts(part: pl.Expr, apart: bool = True) -> Subject:
    """Sectors are to be held out: each fold in two parts, predicted by what was fitted `apart` from
    their symbols or not. `part`: whether a symbol is in the second one."""
    subject = honest()
    assert subject.labels is not None
    folds = []
    for fold in subject.folds:
        for number, own in enumerate((~part, part)):
            train = fold.train.filter(~own) if apart else fold.train
            held_out = tuple(fold.test.filter(own)["symbol"].unique().sort())
            folds.append(
                replace(
                    fold, train=train, test=fold.test.filter(own), part=number, held_out=held_out
                )
            )
    groups = subject.labels.select("symbol").unique().with_columns(SECTOR.alias("group"))
    return replace(subject, folds=tuple(folds), groups=groups, fitted=())


def chosen_by_test() -> Subject:
    scores = np.random.default_rng(8).normal(0.05, 0.01, (24, 4))
    best = tuple(int(np.argmax(scores[:, fold])) for fold in range(4))
    return replace(honest(), choices=Choices(scores, best))


def picked(days_into_test: int, chosen: float = 1.0) -> Subject:
    """Every fold's weight was chosen by the 60 days that end so many days into its test; `again`
    it comes out as 1."""
    subject = honest()
    days = pl.Series("date", sessions())
    found = []
    for fold in subject.folds:
        until = days.index_of(fold.test["date"].min()) + days_into_test
        picked = days[until - 60 : until]
        found.append(Pick(fold.index, picked, np.array([chosen]), lambda: np.ones(1)))
    return replace(subject, picks=tuple(found))


def filled(change: Callable[[pl.DataFrame], pl.DataFrame]) -> Subject:
    subject = honest()
    assert subject.fills is not None
    return replace(subject, fills=change(subject.fills))


def at_own_close(fills: pl.DataFrame) -> pl.DataFrame:
    closes = honest().bars.select("symbol", pl.col("date").alias("signal_date"), "close")
    return fills.join(closes, on=["symbol", "signal_date"]).with_columns(
        pl.col("signal_date").alias("date"),
        pl.lit("close").alias("price_of"),
        pl.col("close").alias("price"),
    )


def stamped_tomorrow(fills: pl.DataFrame) -> pl.DataFrame:
    closes = honest().bars.select("symbol", pl.col("date").alias("signal_date"), "close")
    return fills.join(closes, on=["symbol", "signal_date"]).with_columns(
        pl.col("close").alias("price")
    )


def renamed_copy(lag: int, days: int = DAYS) -> Subject:
    """S00 again as `NEW`, each of its bars `lag` bars later (or earlier, where negative)."""
    bars = bars_of(*returns())
    all_days = sessions()
    one = bars.filter(pl.col("symbol") == "S00").sort("date")
    span = slice(max(0, lag), min(days, DAYS + min(0, lag)))
    source = slice(span.start - lag, span.stop - lag)
    moved = one[source].with_columns(
        pl.lit("NEW").alias("symbol"), pl.Series("date", all_days[span])
    )
    return subject_of(pl.concat([bars, moved]))


def stamped_early() -> Subject:
    """Six symbols of another market whose days begin earlier: their bars bear the day before."""
    moves, volatility = returns(seed=4)
    moves = moves.copy()
    moves[:-1, :6] = moves[1:, :6]
    return subject_of(bars_of(moves, volatility))


def halted(fill: str) -> Subject:
    """Every symbol is halted for three bars now and then; the gaps are filled."""
    rng = np.random.default_rng(6)
    bars = bars_of(*returns())
    bar = pl.int_range(pl.len()).over("symbol")
    starts = {f"S{place:02d}": sorted(rng.choice(np.arange(10, 400, 12), 2)) for place in range(20)}
    gaps = pl.DataFrame(
        [
            {"symbol": symbol, "bar": int(start) + i, "halted": True}
            for symbol, found in starts.items()
            for start in found
            for i in range(3)
        ]
    ).unique()
    table = bars.with_columns(bar.alias("bar")).join(gaps, on=["symbol", "bar"], how="left")
    known = pl.when(pl.col("halted").is_null()).then(CLOSE)
    price = (known.forward_fill() if fill == "forward" else known.backward_fill()).over("symbol")
    quiet = pl.col("halted").fill_null(False)
    return subject_of(
        table.with_columns(
            *(
                pl.when(quiet).then(price).otherwise(pl.col(name)).alias(name)
                for name in ("open", "high", "low", "close")
            ),
            pl.when(quiet).then(0.0).otherwise(pl.col("volume")).alias("volume"),
        ).drop("bar", "halted")
    )


def joining_only() -> Subject:
    """A quarter of today's members were listed on the way, and nobody ever left."""
    days = sessions()
    late = {f"S{place:02d}": days[40 + 5 * place] for place in range(10)}
    bars = bars_of(*returns())
    return subject_of(
        bars.filter(
            pl.col("date")
            >= pl.col("symbol").replace_strict(late, default=days[0], return_dtype=pl.Date)
        )
    )


SPLITS = pl.DataFrame(
    {
        "symbol": [f"S{place:02d}" for place in range(0, 40, 4)],
        "date": [sessions()[260 + 5 * place] for place in range(10)],
        "factor": [0.25, 0.5, 0.1, 0.25, 0.5, 0.2, 0.1, 0.25, 0.5, 0.1],
    }
)


def split_adjusted(volumes: bool, specs: tuple[FeatureSpec, ...]) -> Subject:
    """Ten splits; earlier prices are adjusted, and volumes with them or not."""
    bars = bars_of(*returns())
    if not volumes:
        later = pl.col("date") >= pl.col("_split")
        bars = (
            bars.join(SPLITS.rename({"date": "_split"}), on="symbol", how="left")
            .with_columns(
                pl.when(later)
                .then(pl.col("volume") / pl.col("factor"))
                .otherwise(pl.col("volume"))
                .alias("volume")
            )
            .drop("_split", "factor")
        )
    return replace(subject_of(bars, specs=specs), adjustments=SPLITS)


def level(expression: str) -> tuple[FeatureSpec, ...]:
    return (*SPECS, FeatureSpec("level", expression, 1))


def smoothed(table: pl.DataFrame) -> pl.DataFrame:
    centred = pl.col("prediction").rolling_mean(5, center=True, min_samples=1).over("symbol")
    return table.with_columns(score()).select(*KEY, centred)


def scaled_by_all(table: pl.DataFrame) -> pl.DataFrame:
    column = pl.col("volatility_21")
    scaled = (column - column.mean()) / column.std()
    return table.with_columns(column.fill_nan(None)).select(*KEY, scaled.alias("prediction"))


def piped(model: Callable[[pl.DataFrame], pl.DataFrame]) -> Subject:
    return replace(honest(), pipeline=pipeline_of(model, honest()))


FOLDS = frozenset({"label_spans", "embargo", "split_order"})

PLANTED = (
    Planted(
        "centred moving average",
        "half of the window lies after the day",
        "cut_features",
        lambda: made_by(honest(), (CLOSE / CLOSE.rolling_mean(5, center=True)).over("symbol")),
    ),
    Planted(
        "back-filled feature",
        "a missing value is taken from the next day that has one",
        "cut_features",
        lambda: made_by(
            honest(),
            pl.when(pl.col("date").dt.day() % 5 == 0)
            .then(pl.col("volume"))
            .backward_fill()
            .over("symbol"),
        ),
    ),
    Planted(
        "z-score over the whole history",
        "mean and deviation are those of all days",
        "cut_features",
        lambda: made_by(honest(), ((CLOSE - CLOSE.mean()) / CLOSE.std()).over("symbol")),
    ),
    Planted(
        "rank over all dates",
        "the order of a value among those of later days",
        "cut_features",
        lambda: made_by(honest(), pl.col("volume").rank()),
    ),
    Planted(
        "day that begins too early",
        "tomorrow's volume joined to today",
        "cut_features",
        lambda: made_by(honest(), pl.col("volume").shift(-1).over("symbol")),
    ),
    Planted(
        "predictions smoothed both ways",
        "a prediction is averaged with those of later days",
        "cut_pipeline",
        lambda: piped(smoothed),
    ),
    Planted(
        "rows scaled by all rows",
        "the scaler saw the days that are still to come",
        "cut_pipeline",
        lambda: piped(scaled_by_all),
    ),
    Planted(
        "the label under another name",
        "exp(label), a monotone function",
        "target_function",
        lambda: of_label(LABEL.exp()),
        frozenset({"implausible_ic"}),
    ),
    Planted(
        "the label folded",
        "the label's distance from its mean, which has no rank IC at all",
        "target_function",
        lambda: of_label((LABEL - LABEL.mean()).abs()),
    ),
    Planted(
        "yesterday's label of a week",
        "four of its five days are still to come",
        "target_function",
        lambda: of_label(LABEL.shift(1)),
        frozenset({"implausible_ic"}),
    ),
    Planted(
        "the label behind some noise",
        "return and noise in equal parts: no signal has such an IC",
        "implausible_ic",
        lambda: noisy_label(RETURN, 1.0),
    ),
    Planted(
        "next week's volatility behind some noise",
        "better than volatility remembers itself, and blind to the past",
        "implausible_ic",
        lambda: noisy_label(VOLATILITY, 0.6),
        frozenset({"target_function"}),
    ),
    Planted(
        "test rows under another date",
        "a symbol's later bars stand in the training window under a new name",
        "duplicate_rows",
        lambda: renamed_copy(-200),
        frozenset({"survivorship"}),
    ),
    Planted(
        "a symbol under two names",
        "every row counts twice",
        "symbol_copies",
        lambda: renamed_copy(0),
    ),
    Planted(
        "a symbol that another one announces",
        "the same bars one day later under another name",
        "symbol_copies",
        lambda: renamed_copy(1),
        frozenset({"duplicate_rows", "survivorship", "stamped_early"}),
    ),
    Planted(
        "scaler of all rows",
        "mean and deviation of the test window are in it",
        "fold_fit",
        lambda: fitted_on_all("scaler", moments),
    ),
    Planted(
        "imputer of all rows",
        "medians of the test window are in it",
        "fold_fit",
        lambda: fitted_on_all("imputer", medians),
    ),
    Planted(
        "selection on all rows",
        "features were scored with the labels of the test window",
        "fold_fit",
        lambda: fitted_on_all("selection", selection_scores),
    ),
    Planted(
        "target encoding on all rows",
        "a symbol stands for its mean label, the test window's included",
        "fold_fit",
        lambda: fitted_on_all("encoding", mean_label_by_symbol),
    ),
    Planted(
        "universe of the last day",
        "companies join and none ever leaves",
        "survivorship",
        joining_only,
    ),
    Planted(
        "price level in back-adjusted prices",
        "a low adjusted price tells that splits will follow",
        "adjusted_levels",
        lambda: split_adjusted(True, level("log(close)")),
    ),
    Planted(
        "volumes left unadjusted",
        "the volume steps up on the day of the split",
        "adjusted_volumes",
        lambda: split_adjusted(False, SPECS),
    ),
    Planted(
        "fill at the signal's own close",
        "that price was part of the signal",
        "execution",
        lambda: filled(at_own_close),
    ),
    Planted(
        "fill stamped tomorrow, priced today",
        "the bar is the next one, the price is not",
        "execution",
        lambda: filled(stamped_tomorrow),
    ),
    Planted(
        "no purge",
        "labels of a week, and training until the day before the test",
        "label_spans",
        lambda: trained_until(1),
        FOLDS,
    ),
    Planted(
        "purge of one bar too few",
        "the last training label ends on the second test day",
        "label_spans",
        lambda: trained_until(HORIZON - 1),
        FOLDS,
    ),
    Planted(
        "embargo forgotten",
        "labels are purged, but the test follows at once",
        "embargo",
        lambda: trained_until(HORIZON + 1),
    ),
    Planted(
        "random days as folds",
        "the days before and after each test day are trained on",
        "split_order",
        random_folds,
        FOLDS,
    ),
    Planted(
        "random rows as folds",
        "other symbols of the test day are trained on",
        "split_order",
        random_rows,
        FOLDS,
    ),
    Planted(
        "held-out symbols trained on",
        "each part is predicted by models that know the past of its own symbols",
        "held_out",
        lambda: in_parts(SECTOR >= 4, apart=False),
    ),
    Planted(
        "symbols held out where sectors were to be",
        "other symbols of the same sectors are trained on",
        "held_out",
        lambda: in_parts(pl.col("symbol") >= "S20"),
    ),
    Planted(
        "configuration chosen on its test",
        "each fold is predicted by whatever scores best there",
        "chosen_on_test",
        chosen_by_test,
    ),
    Planted(
        "weights learnt from one day too many",
        "the last label that they were chosen by ends on the first test day",
        "chosen_on_test",
        lambda: picked(1 - HORIZON),
    ),
    Planted(
        "weights from elsewhere",
        "the days that they were chosen by lead to other ones",
        "chosen_on_test",
        lambda: picked(-HORIZON, 0.5),
    ),
    Planted(
        "bars stamped a day early",
        "six symbols move with the next day of the market",
        "stamped_early",
        stamped_early,
    ),
    Planted(
        "halts filled from behind",
        "the price during a halt is that at which trading resumed",
        "filled_from_future",
        lambda: halted("backward"),
    ),
)
assert len({one.name for one in PLANTED}) == len(PLANTED)

"""What looks like a leak and is none, each in an honest idea."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from planted import (
    CLOSE,
    KEY,
    LABEL,
    SECTOR,
    SPLITS,
    filled,
    halted,
    in_parts,
    level,
    medians,
    of_label,
    picked,
    piped,
    refolded,
    split_adjusted,
    trained_until,
)
from world import (
    DAYS,
    EMBARGO,
    HORIZON,
    RETURN,
    SPECS,
    VOLATILITY,
    bars_of,
    fitted,
    folds_of,
    honest,
    made_by,
    returns,
    rows_of,
    score,
    sessions,
    subject_of,
    with_feature,
)

from breadthflow_engine.language import FeatureSpec, compile_features
from breadthflow_engine.leaks.subject import Choices, FoldRows, Pipeline, Subject
from breadthflow_engine.models.baselines import baseline_inputs, predict_baseline
from breadthflow_engine.steps.train.rows import TrainingRows
from breadthflow_engine.validation import Target, make_labels


@dataclass(frozen=True)
class LookAlike:
    """`reason`: why it is honest."""

    name: str
    reason: str
    subject: Callable[[], Subject]


def bouncing() -> Subject:
    """Yesterday's return in a market whose prices bounce between bid and ask."""
    moves, volatility = returns(seed=11, bounce=0.45)
    specs = (*SPECS, FeatureSpec("return_1", "log_returns", 2))
    subject = subject_of(bars_of(moves, volatility), RETURN, specs)
    target = Target(kind=RETURN, horizon=1)
    labels = make_labels(subject.bars.lazy(), target)
    return replace(subject, target=target, labels=labels, folds=folds_of(labels), fitted=())


def har() -> Subject:
    """The predictions of the heterogeneous autoregression as a feature."""
    subject = honest()
    assert subject.labels is not None
    rows = subject.labels.join(
        baseline_inputs(subject.bars.lazy(), subject.target).collect(), on=KEY, how="left"
    )
    train = rows.join(subject.folds[0].train.select(KEY), on=KEY, how="semi")
    return with_feature(
        subject,
        rows.select(
            *KEY,
            pl.Series("alien", predict_baseline("har", train, train["label"].to_numpy(), rows)),
        ),
    )


def surprises() -> Subject:
    """Earnings days that are announced ahead: they tell of volatility to come, not of past one."""
    moves, volatility = returns(seed=12)
    rng = np.random.default_rng(13)
    shocks = np.zeros(moves.shape, dtype=bool)
    for symbol in range(moves.shape[1]):
        shocks[rng.integers(0, 60) :: 63, symbol] = True
    subject = subject_of(bars_of(moves + shocks * rng.normal(0, 0.06, moves.shape), volatility))
    ahead = np.zeros(moves.shape)
    for day in range(1, HORIZON + 1):
        ahead[:-day] += shocks[day:]
    values = subject.bars.select(KEY).with_columns(pl.Series("alien", ahead.T.ravel()))
    return with_feature(subject, values)


def share_classes() -> Subject:
    """Two classes of each of four companies: nearly the same return, day by day."""
    moves, volatility = returns(seed=14)
    moves = moves.copy()
    moves[:, 1:8:2] = moves[:, 0:8:2] + np.random.default_rng(15).normal(0, 0.0015, (DAYS, 4))
    return subject_of(bars_of(moves, volatility))


def lagging() -> Subject:
    """Six symbols that close before the others: they move with the day before."""
    moves, volatility = returns(seed=16)
    moves = moves.copy()
    moves[1:, :6] = moves[:-1, :6]
    return subject_of(bars_of(moves, volatility))


def index_fund() -> Subject:
    """The mean of all symbols is one of the symbols."""
    moves, volatility = returns(seed=17)
    moves = moves.copy()
    moves[:, 0] = moves[:, 1:].mean(axis=1)
    return subject_of(bars_of(moves, volatility))


def leavers() -> Subject:
    """Companies are listed, and others fail."""
    days = sessions()
    bars = bars_of(*returns())
    first = {f"S{place:02d}": days[40 + 5 * place] for place in range(10)}
    last = {f"S{place:02d}": days[250 + 5 * place] for place in range(15, 25)}
    symbol = pl.col("symbol")
    return subject_of(
        bars.filter(
            (pl.col("date") >= symbol.replace_strict(first, default=days[0], return_dtype=pl.Date))
            & (
                pl.col("date")
                <= symbol.replace_strict(last, default=days[-1], return_dtype=pl.Date)
            )
        )
    )


def standing_still() -> Subject:
    """The bar of some symbols repeats for months: the same row in training and in test."""
    bars = bars_of(*returns())
    days = sessions()
    still = pl.col("symbol").is_in(["S03", "S04"]) & (pl.col("date") > days[140])
    columns = ("open", "high", "low", "close", "volume")
    return subject_of(
        bars.with_columns(
            pl.when(~still).then(pl.col(name)).forward_fill().over("symbol").alias(name)
            for name in columns
        )
    )


def no_gaps() -> Subject:
    """Every bar opens where the last one closed, so a fill at the open has the signal's price."""
    bars = bars_of(*returns()).sort(KEY)
    opened = CLOSE.shift(1).over("symbol").fill_null(pl.col("open"))
    return subject_of(
        bars.with_columns(
            opened.alias("open"),
            pl.max_horizontal("high", opened).alias("high"),
            pl.min_horizontal("low", opened).alias("low"),
        )
    )


def at_next_close(fills: pl.DataFrame) -> pl.DataFrame:
    closes = honest().bars.select("symbol", "date", "close")
    return (
        fills.join(closes, on=["symbol", "date"])
        .with_columns(pl.lit("close").alias("price_of"), pl.col("close").alias("price"))
        .drop("close")
    )


def two_sided() -> Subject:
    """Training before and after the test window, as in combinatorial purged cross-validation."""
    days = sessions()

    def change(fold: FoldRows, rows: pl.DataFrame) -> FoldRows:
        start, end = fold.test["date"].min(), fold.test["date"].max()
        before = days[days.index(start) - EMBARGO - 1]
        after = days[min(len(days) - 1, days.index(end) + HORIZON + EMBARGO)]
        allowed = (pl.col("label_end") <= before) | (pl.col("date") > after)
        return replace(fold, train=rows.filter(allowed))

    return refolded(change)


def really_best() -> Subject:
    """One configuration is the best of every window, so choosing by the past picks it."""
    scores = np.random.default_rng(18).normal(0.05, 0.01, (24, 6))
    scores[7] += 0.1
    return replace(honest(), choices=Choices(scores, (7,) * 6))


def blended() -> Subject:
    """The heaviest of a blend is often not the best of the past, and seldom that of the test."""
    rng = np.random.default_rng(19)
    scores = rng.normal(0.05, 0.01, (24, 6))
    second = [int(np.argsort(scores[:, : max(1, k)].mean(axis=1))[-2]) for k in range(6)]
    second[0] = 0
    return replace(honest(), choices=Choices(scores, tuple(second)))


def fitted_inside(name: str, fit: Callable[[pl.DataFrame], np.ndarray]) -> Subject:
    subject = honest()
    return replace(
        subject,
        fitted=tuple(
            fitted(name, fold.index, fit, subject, rows_of(subject, fold)) for fold in subject.folds
        ),
    )


def smoothed_mean_by_symbol(rows: pl.DataFrame) -> np.ndarray:
    """A target encoding drawn towards the mean of all."""
    return (
        rows.group_by("symbol")
        .agg((LABEL.sum() + 20 * rows["label"].mean()) / (pl.len() + 20))
        .sort("symbol")["label"]
        .to_numpy()
    )


def own_pipeline() -> Subject:
    """The product's own way: features, label transform and elastic net, fitted in the fold."""
    subject = honest()
    names = [spec.name for spec in SPECS]
    fold = subject.folds[1]
    cut = fold.train["label_end"].max()

    def rows(table: pl.DataFrame) -> np.ndarray:
        return table.select(names).cast(pl.Float32).fill_null(float("nan")).to_numpy()

    def predictions(bars: pl.LazyFrame) -> pl.DataFrame:
        table = compile_features(bars, list(SPECS), None).collect()
        labels = make_labels(bars, subject.target).filter(pl.col("label_end") <= cut)
        train = table.join(labels, on=KEY).sort("date", "symbol")
        days = train["date"].to_physical().to_numpy()
        settings = {"label_transform": "rank_gauss", "alpha": 0.01, "l1_ratio": 0.5}
        prepared = TrainingRows(rows(train), train["label"].to_numpy(), days, ["elastic_net"])
        member = prepared.fit("elastic_net", settings, 7)
        return table.select(KEY).with_columns(pl.Series("prediction", member.predict(rows(table))))

    def predict(bars: pl.LazyFrame, day: object) -> pl.DataFrame:
        return predictions(bars).filter(pl.col("date") == day).select("symbol", "prediction")

    test_days = fold.test["date"].unique().sort()
    days = (test_days[0], test_days[len(test_days) // 2])
    return replace(subject, pipeline=Pipeline(predict, predictions(subject.bars.lazy()), days))


def ranked_in_the_day(table: pl.DataFrame) -> pl.DataFrame:
    return table.with_columns(score()).select(
        *KEY, pl.col("prediction").rank().over("date").cast(pl.Float64)
    )


def one_split() -> Subject:
    subject = subject_of(bars_of(*returns()), specs=level("log(close)"))
    return replace(
        subject,
        adjustments=SPLITS.head(1).with_columns(pl.lit(0.9).alias("factor")),
    )


EXPANDING = (CLOSE.log() - CLOSE.log().cum_sum() / CLOSE.cum_count()).over("symbol")

LOOK_ALIKES = (
    LookAlike("honest volatility idea", "what every leak is planted into", honest),
    LookAlike(
        "honest return idea", "the same features, with returns to predict", lambda: honest(RETURN)
    ),
    LookAlike(
        "yesterday's return, IC −0.3",
        "prices bounce: it says far more of the past than of the future",
        bouncing,
    ),
    LookAlike(
        "HAR, IC near 0.5",
        "volatility remembers itself, and the forecast remembers it better still",
        har,
    ),
    LookAlike(
        "last week's label",
        "label of h bars ago: all of its bars are past",
        lambda: of_label(LABEL.shift(HORIZON), VOLATILITY),
    ),
    LookAlike(
        "last week's return as the label makes it",
        "an exact function of a label, but of a past one",
        lambda: of_label(LABEL.shift(HORIZON), RETURN),
    ),
    LookAlike(
        "earnings days announced ahead",
        "they tell of the future alone, as much as a calendar can",
        surprises,
    ),
    LookAlike(
        "expanding mean",
        "the mean of all days so far",
        lambda: made_by(honest(), EXPANDING),
    ),
    LookAlike(
        "z-score across symbols",
        "mean and deviation are those of the day",
        lambda: made_by(
            honest(),
            # In order: the last bits of a sum over a group hang on how threads cut it up.
            (pl.col("volume") - pl.col("volume").sort_by("symbol").mean().over("date"))
            / pl.col("volume").sort_by("symbol").std().over("date"),
        ),
    ),
    LookAlike(
        "exponential mean",
        "its weights reach back only",
        lambda: made_by(
            honest(), (CLOSE / CLOSE.ewm_mean(span=10, ignore_nulls=True)).over("symbol")
        ),
    ),
    LookAlike(
        "last day of the month",
        "the calendar of tomorrow is known today",
        lambda: made_by(honest(), (pl.col("date").dt.month_end() - pl.col("date")).dt.total_days()),
    ),
    LookAlike(
        "one bar's move",
        "restless days follow a jump more than they precede it",
        lambda: made_by(honest(), (CLOSE / CLOSE.shift(1)).log().abs().over("symbol")),
    ),
    LookAlike(
        "predictions ranked within the day",
        "the symbols of a day are known together",
        lambda: piped(ranked_in_the_day),
    ),
    LookAlike(
        "the product's own fold",
        "an elastic net fitted on bars up to its purge gives the same from cut data",
        own_pipeline,
    ),
    LookAlike(
        "two share classes",
        "correlated at 0.99 and yet two shares",
        share_classes,
    ),
    LookAlike("an index among its members", "it moves with the market of its own day", index_fund),
    LookAlike(
        "markets that close earlier",
        "they follow yesterday's market, which was known",
        lagging,
    ),
    LookAlike(
        "prices that stand still",
        "the same bar again and again is no copied row",
        standing_still,
    ),
    LookAlike("listings and failures", "some join and some leave", leavers),
    LookAlike(
        "halts filled forward",
        "the last known price is carried on",
        lambda: halted("forward"),
    ),
    LookAlike(
        "real splits, adjusted throughout",
        "features are free of scale, and volumes were multiplied",
        lambda: split_adjusted(True, SPECS),
    ),
    LookAlike(
        "price level with one small spin-off",
        "the order of forty symbols hardly moves",
        one_split,
    ),
    LookAlike(
        "dollar volume over splits",
        "price times volume is the same before and after adjustment",
        lambda: split_adjusted(True, level("log(dollar_volume)")),
    ),
    LookAlike(
        "opens at the last close",
        "the fill has the signal's price because the next bar has it too",
        no_gaps,
    ),
    LookAlike(
        "fills at the next close", "a later price, fully paid", lambda: filled(at_next_close)
    ),
    LookAlike(
        "training on both sides of the test",
        "purged and embargoed before it and after it",
        two_sided,
    ),
    LookAlike(
        "sectors held out",
        "trained on the same past days, of the other sectors alone",
        lambda: in_parts(SECTOR >= 4),
    ),
    LookAlike(
        "imputer of the fold",
        "medians of the training rows alone",
        lambda: fitted_inside("imputer", medians),
    ),
    LookAlike(
        "target encoding of the fold",
        "mean labels of the training rows alone, shrunk",
        lambda: fitted_inside("encoding", smoothed_mean_by_symbol),
    ),
    LookAlike(
        "the best of every window",
        "it was the best of the past, too",
        really_best,
    ),
    LookAlike(
        "the second best of the past",
        "not chosen by the past alone, but not by the test either",
        blended,
    ),
    LookAlike(
        "weights learnt up to the last label that is over",
        "it ends on the day before the test",
        lambda: picked(-HORIZON),
    ),
    LookAlike(
        "embargo kept to the bar",
        "the gap is as long as it was to be, and no longer",
        lambda: trained_until(HORIZON + EMBARGO + 1),
    ),
)
assert len({one.name for one in LOOK_ALIKES}) == len(LOOK_ALIKES)

"""Telling apart what a big move may be: a bad print, a corporate action, or the market.

Prices alone cannot always tell. The evidence, and how much of it each verdict asks for:

- *Bad print*: the next bar undoes the move almost to the cent, and the bar lies apart from both of
  its neighbours (or its close lies outside its own range), on ordinary volume. The row is
  quarantined: nothing is put in its place. That it was bad is known only one bar later; live, the
  row would be used until then.
- *Unadjusted corporate action* (split, spin-off, share distribution): the price opens elsewhere,
  stays there, and moves little within the day. Either its ratio is that of a split, or the gap is
  beyond what the market does (halved or doubled). All earlier prices are scaled by the ratio. A
  constant factor leaves every earlier return, range and relative level as it was, so no feature
  learns from it; only the return across that night changes.
- *Possible corporate action*: the same signs in a smaller gap, such as a smaller spin-off or a
  special dividend. A real loss of value can look like this, so it is kept, and said.
- Everything else is the market: a crash is never repaired.

News brings volume. Where the panel's own big moves show that (most do), a gap on ordinary volume
speaks for a corporate action and one on ten times the usual speaks against it. Where volume does
not answer to moves, it is no evidence, and only the ratio of a split counts.
"""

from __future__ import annotations

import polars as pl

# New price over old in the splits and reverse splits that companies make.
_SHARES = (2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 20, 25, 30, 40, 50, 100)
SPLITS = (*(1 / n for n in _SHARES), *map(float, _SHARES), 2 / 3, 3 / 2, 3 / 4, 4 / 3)
SPLIT_TOLERANCE = 0.03
# Moves in multiples of the symbol's typical one.
UNUSUAL, EXTREME = 8.0, 15.0
# Volume against the mean of the month before.
ORDINARY_VOLUME, NEWS_VOLUME = 2.5, 8.0
MANY = 20


def classify(moves: pl.DataFrame, symbols: pl.DataFrame) -> pl.DataFrame:
    """Say what each big move is.

    Returns:
        The moves that are not the market: `kind` (bad_print, unadjusted_action, possible_action)
        and `ratio`, the factor for earlier prices.
    """
    moves = moves.join(symbols.select("symbol", "scale"), on="symbol").with_columns(
        # A move counts as large only if it is so both for the symbol and for the month.
        (pl.col("move").abs() / pl.max_horizontal("scale", "recent_scale")).alias("size"),
        (pl.col("high") / pl.col("low")).log().alias("range"),
    )
    moves = moves.filter(pl.col("size").is_finite())
    tells = _volume_tells(moves)
    # A fall or rise of the whole market is news whatever the volume.
    together = pl.col("move").sign().sum().abs().over("date") > 0.1 * symbols.height
    lonely = ~together | (pl.lit(symbols.height) < MANY)
    bad = moves.filter(_bad_print(tells) & lonely).with_columns(
        pl.lit("bad_print").alias("kind"), pl.lit(None, dtype=pl.Float64).alias("ratio")
    )
    # The move back on the bar after a bad print is the same fault.
    back = bad.select("symbol", pl.col("n_date").alias("date"))
    rest = pl.concat([bad.select("symbol", "date"), back])
    action, certain, ratio = _action(tells)
    kind = pl.when(certain).then(pl.lit("unadjusted_action")).otherwise(pl.lit("possible_action"))
    actions = (
        moves.filter(lonely)
        .join(rest, on=["symbol", "date"], how="anti", maintain_order="left")
        .with_columns(kind.alias("kind"), ratio.alias("ratio"), action.alias("_action"))
        .filter("_action")
        .drop("_action")
    )
    return pl.concat([bad, actions])


def _volume_tells(moves: pl.DataFrame) -> bool:
    """Whether volume answers to big moves in this panel: it is well above usual on most of them."""
    big = moves.filter(pl.col("size") > UNUSUAL)["volume_ratio"].drop_nulls()
    return len(big) >= MANY and int((big > ORDINARY_VOLUME).sum()) > len(big) / 2


def _bad_print(tells: bool) -> pl.Expr:
    move, undone = pl.col("move"), pl.col("n_move")
    returns = (move + undone).abs() < 0.2 * move.abs()
    apart = (
        (pl.col("low") > pl.max_horizontal("p_high", "n_high"))
        | (pl.col("high") < pl.min_horizontal("p_low", "n_low"))
        | (pl.col("close") < 0.95 * pl.col("low"))
        | (pl.col("close") > 1.05 * pl.col("high"))
    )
    quiet = pl.col("volume_ratio").fill_null(1.0) < ORDINARY_VOLUME
    # Without the evidence of volume, only a move that the market hardly makes is called bad.
    enough = (pl.col("size") > UNUSUAL) & quiet if tells else pl.col("size") > EXTREME
    return (move.abs() > 0.1) & returns & apart & (enough | (pl.col("size") > 2 * EXTREME))


def _action(tells: bool) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    move, gap = pl.col("move"), pl.col("gap")
    stays = (pl.col("n_move").abs() < 0.3 * gap.abs()) & (move * gap > 0)
    calm = (pl.col("range") < 0.4 * gap.abs()) & ((move - gap).abs() < 0.3 * gap.abs())
    shape = stays & calm & (pl.col("size") > EXTREME)
    split = pl.lit(None, dtype=pl.Float64)
    for factor in SPLITS:
        open_off, close_off = (gap.exp() / factor).log().abs(), (move.exp() / factor).log().abs()
        near = pl.min_horizontal(open_off, close_off)
        split = pl.when(near < SPLIT_TOLERANCE).then(factor).otherwise(split)
    halved = gap.abs() > 0.45
    ratio = pl.when(halved).then(pl.coalesce(split, gap.exp())).otherwise(gap.exp())
    if not tells:
        # Where large moves are common, one of them will have the ratio of a split by chance.
        others = pl.col("size").filter(split.is_null()).max().fill_null(0)
        stands_out = pl.col("size") > 1.5 * others
        certain = halved & split.is_not_null() & (pl.col("size") > 2 * EXTREME) & stands_out
        return shape & certain, certain, ratio
    volume = pl.col("volume_ratio")
    ordinary = (volume < ORDINARY_VOLUME) & (gap.abs() > 0.15)
    return shape & (volume < NEWS_VOLUME) & (halved | ordinary), halved, ratio

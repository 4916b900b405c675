"""Recurrence: companies report every quarter, some 63 bars apart, and prices jump when they do.

What the bars one quarter to four quarters before the next five did, and how long ago the last big
move was, tells whether a report lies ahead. A quarter of trading days has 62 to 64 bars.
"""

from breadthflow_engine.steps.features.library.rows import Row

_MOVE = "abs(log_returns)"
_USUAL = "mean(abs(log_returns), 252)"
_SURGE = "volume / mean(volume, 63)"


def _around(x: str, quarters: int, margin: int) -> tuple[str, int]:
    """The largest x among the bars `quarters` before the next five, with a margin on both sides."""
    first = 63 * quarters - 5 - margin
    window = 5 + 2 * margin
    return f"delay(max({x}, {window}), {first})", first + window - 1


def _rows() -> list[Row]:
    rows: list[Row] = []
    for quarters in (1, 2, 3, 4):
        for margin in (0, 4):
            text, reach = _around(_MOVE, quarters, margin)
            rows.append(
                (
                    f"move_{quarters}q_{margin}",
                    f"log({text} / {_USUAL})",
                    max(reach + 2, 253),
                    f"Largest move {quarters} quarters before the coming week, +-{margin} bars",
                )
            )
        text, reach = _around(_SURGE, quarters, 1)
        rows.append(
            (
                f"surge_{quarters}q",
                f"log({text})",
                reach + 63,
                f"Largest volume surge {quarters} quarters before the coming week, +-1 bar",
            )
        )
    return rows


RECURRENCE: tuple[Row, ...] = (
    *_rows(),
    (
        "move_same_week",
        "log((" + " + ".join(_around(_MOVE, q, 1)[0] for q in (1, 2, 3, 4)) + f") / {_USUAL})",
        max(_around(_MOVE, 4, 1)[1] + 2, 253),
        "Mean of the largest moves one to four quarters before the coming week",
    ),
    *(
        (
            f"bars_since_largest_move_{n}",
            f"bars_since({_MOVE} >= max({_MOVE}, {n}), {n})",
            2 * n,
            f"Bars since a move that was the largest of {n} bars",
        )
        for n in (63, 126)
    ),
    (
        "bars_since_largest_volume_63",
        "bars_since(volume >= max(volume, 63), 63)",
        125,
        "Bars since a volume that was the largest of a quarter",
    ),
    (
        "bars_since_jump",
        f"bars_since({_MOVE} > 3 * {_USUAL}, 126)",
        378,
        "Bars since a move of three times the usual size",
    ),
)

"""Calendar: what the date alone tells."""

from breadthflow_engine.steps.features.library.rows import Row

CALENDAR: tuple[Row, ...] = (
    ("day_of_week", "day_of_week()", 1, "Monday 1 to Friday 5"),
    ("day_of_month", "day_of_month()", 1, "Day of the month"),
    ("days_to_month_end", "days_to_month_end()", 1, "Calendar days left in the month"),
    ("days_into_quarter", "days_into_quarter()", 1, "Calendar days since the quarter began"),
    ("month_of_year", "month()", 1, "Month, 1 to 12"),
    ("gap_before", "gap_days()", 2, "Calendar days since the bar before"),
)

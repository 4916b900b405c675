"""How a row of the library is written."""

Row = tuple[str, str, int, str]
"""Name, expression, look-back in bars (the present one included), meaning."""

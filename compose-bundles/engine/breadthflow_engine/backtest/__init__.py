"""The backtest engine: matrices of date × symbol in, an accounted book out.

Each stage is a file and a pure function of what the stages before it left: signals
(`schedule`), target weights (`targets`), constrained weights (`neutral`, `limits`), executed trades
and their accounting (`fills`, `frictions`, `accounting`), what the book says of itself (`book`,
`performance`, `analytics`).
"""

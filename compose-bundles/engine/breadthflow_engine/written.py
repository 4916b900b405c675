"""Numbers and names as people write them, for every sentence of the engine."""

from __future__ import annotations


def decimal(value: float | None, digits: int) -> str:
    """With a minus sign that is as wide as a digit; a zero has none; what is missing is a dash."""
    if value is None:
        return "–"
    text = f"{value:,.{digits}f}"
    if not text.strip("-0.,"):
        return text.lstrip("-")
    return text.replace("-", "−")


def percent(share: float, digits: int = 0) -> str:
    """A fraction as people read it: 95 %."""
    return f"{decimal(100 * share, digits)} %"


def baseline_name(name: str) -> str:
    """`har` is an acronym, `parkinson_21` two words; as `baselineName` of contract/figures."""
    return name.upper() if len(name) <= 3 else name.replace("_", " ")


def counted(count: int, one: str, many: str | None = None) -> str:
    """A number with its noun: 1 day, 2 days."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def fold_name(index: int, part: int | None = None) -> str:
    """As people count, and charts do: the fold of index 0 is fold 1; of a part of it, that too."""
    return f"fold {index + 1}" + ("" if part is None else f", {part_name(part)}")


def part_name(index: int) -> str:
    """The same of a part of the symbols that are held out."""
    return f"part {index + 1}"

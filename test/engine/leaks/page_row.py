"""How a leak or a look-alike stands in `docs/validation.md`."""

from __future__ import annotations

from collections.abc import Iterable


def page_row(name: str, reason: str, caught: Iterable[str]) -> str:
    """A row of a Markdown table; `caught`: the detectors that fail."""
    by = ", ".join(f"`{detector}`" for detector in caught) or "none"
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in (name, reason, by)) + " |"

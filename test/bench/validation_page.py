"""`docs/validation.md`, from what was measured: no figure in its prose is written by hand."""

from __future__ import annotations

import inspect
import textwrap
from typing import Any

from page_row import page_row
from published import PUBLISHED

from breadthflow_engine.steps.judge import luck
from breadthflow_engine.steps.judge.policy import Policy
from breadthflow_engine.steps.train.paths import write_paths
from breadthflow_engine.written import decimal

HELD_OUT = """A purge keeps the time of a test apart from that of training, but most symbols stand in both.
Whatever can be learnt of a symbol itself, such as how restless it is, then counts as skill, and
would be missing on a symbol that is new. An idea may therefore ask that no model is tested on a
symbol, or a sector, that it was trained on:

```yaml
validation:
  hold_out: sector      # or symbol
  hold_out_parts: 3     # 3 if not given
```

The symbols or sectors are dealt into parts, each by its name and the idea's seed alone, so that one
that joins moves no other. Each test window is predicted part by part, by models that were trained
on the rows that the fold may train on, of the symbols outside the part: purged and embargoed as
ever. Features are selected, ensembles weighted and baselines fitted by those symbols alone, too, so
that the comparison is fair. Rank ICs and the backtest are of all symbols of a day together. What
stays shared is what is known of a day as it ends: a feature that ranks the symbols of a day ranks
all of them, and an excess return is one over the mean of all. The search proposes configurations by
their scores on all symbols, as it does by those on all folds; they are counted in the ledger. What
goes live is fitted on every symbol.

It goes with `expanding` and `rolling` windows and takes as many fits as there are parts. `cpcv` is
refused: each of its combinations would have to be fitted again for every part."""

Simulated = dict[str, list[dict[str, Any]]]


def page(simulated: Simulated, leaks: dict[str, list[dict[str, Any]]], tail: dict[str, Any]) -> str:
    return f"""# Validation: what the numbers are held against

`npm run bench -- validation` measures all of this and writes this page. The test suite checks its
first three tables line by line, and runs the simulations of the last one smaller.

## Published values
| what | source | published | ours |
|---|---|---|---|
{_lines(number.row() for number in PUBLISHED)}

Further oracles, in `test/engine/statistics` and `test/engine/validation`: `arch.bootstrap` for
block lengths, bootstrap variance, reality check and SPA; `statsmodels` for adjusted p-values;
`skfolio` for walk-forward and combinatorial purged splits; `scikit-learn` for groups that are held
out; the algorithm of Bailey et al. (2017), combination by combination, for the probability of
backtest overfitting; brute force over random histories for purge and embargo, and over random
panels for what is held out.

## Symbols held out
{HELD_OUT}

{_leaks(leaks)}

{_ideas(simulated, tail)}

## Files for charts
`statistics.json` of the judge step:

{_described(luck)}

`paths.json` of the train step, for `validation.scheme: cpcv`:
{_described(write_paths)}
"""


def _leaks(leaks: dict[str, list[dict[str, Any]]]) -> str:
    planted, alike = leaks["planted"], leaks["look_alikes"]
    caught = sum(one["detector"] in one["caught"] for one in planted)
    wrong = sum(bool(one["caught"]) for one in alike)
    return f"""## Planted leaks
Each is planted into an honest idea and put before every detector (`test/engine/leaks`):
**{caught} of {len(planted)}** caught by the one that is meant for it.

| leak | what is wrong | caught by |
|---|---|---|
{_lines(_row(one) for one in planted)}

## Look-alikes
Honest ideas that look like one of them: **{wrong} of {len(alike)}** caught.

| look-alike | why it is honest | caught by |
|---|---|---|
{_lines(_row(one) for one in alike)}

The planted leaks are those that the detectors were written against. That none is missed here says
that none of these kinds goes by, not that no leak of another kind can."""


def _row(one: dict[str, Any]) -> str:
    return page_row(one["name"], one["reason"], one["caught"])


def _ideas(simulated: Simulated, tail: dict[str, Any]) -> str:
    rows = (
        f"| {_said(name)} | {_said(one['kind'])} | {one['ideas']} × {one['variants']} | "
        f"{one['judged']} | {one['trials']} | {one['days']} × {one['symbols']} | "
        f"{decimal(one['mean_ic'], 3)} | {one['deployed']} | {100 * one['share']:.1f} % |"
        for name, found in simulated.items()
        for one in found
    )
    totals = "; ".join(
        f"{_said(name)} **{sum(one['deployed'] for one in found)} of "
        f"{sum(one['ideas'] for one in found)}**"
        for name, found in simulated.items()
    )
    best = simulated["worthless_best_of_100"]
    of_volatility = next(one for one in best if one["kind"] == "log_realised_volatility")
    planted = simulated["planted"][0]
    told = [name for name, limit in Policy() if name != "policy" and not limit.decides]
    share = tail["share"]
    return f"""## Simulated ideas
Whose worth is known, put before the judge's own gates with the thresholds of the policy `research`
(`test/engine/judge/simulated_ideas.py`). Deployed: {totals}.

| ideas | target | ideas × variants | judged | trials told | days × symbols | mean IC | deployed | share |
|---|---|---|---|---|---|---|---|---|
{_lines(rows)}

- A worthless idea on returns predicts with noise that remembers for up to months and trades
  the outer deciles weekly at 6 basis points. One on volatility has the same correlation with its
  label as the baseline: its true lift is zero.
- Judged *any*: any of the variants may reach deploy, whichever a researcher would pick; so the
  share bounds that of every way to pick one. All of them are told to the judge, as the ledger does,
  and all of them go through the probability of backtest overfitting, as the trials of a search do.
  Judged *first*: one that was drawn before anything was known of it, the others being its search.
- The IC of a simulated prediction is its correlation with the ranks of the label; the baseline is
  the better one of two predictors that know as little (or, of a volatility, as much).
- Planted ideas have a mean rank IC of {planted["mean_ic"]:.3f}, and {planted["trials"]} trials are
  told.

What a real verdict asks and this one does not:

{
        _wrapped(
            "- Under `research` these gates are only told, so that they could change no verdict here: "
            + ", ".join(f"`{name}`" for name in told)
            + ". Under `paper` and `live`, where they decide, they can only turn a deploy into a watch: the "
            "shares of worthless ideas are upper bounds there, and that of planted ones is one too."
        )
    }
- `leaks` passes by construction, because simulated predictions know no more than they are made
  with; it too could only lower the shares.
- Of a single variant there is no search to be overfitted, so `overfitting` decides nothing where an
  idea is judged once, as in a real run of one trial.

{
        _wrapped(
            f"The 5 % are held over all worthless ideas; the table has the share of each target. It is "
            f"hardest on volatility, where lifts remember for weeks and few stretches are independent: with "
            f"*any* of {of_volatility['variants']} variants and {of_volatility['days']} days, "
            f"{100 * of_volatility['share']:.1f} % are deployed. The gate on the number of trials rests on "
            f"the test of a mean far in its tail. Of {tail['series']:,} lifts that are nothing and have an "
            f"autoregression of {tail['memory']:g} over {tail['days']} days, that test rejects "
            f"{100 * share[0.05]:.1f} % at a level of 5 % and {100 * share[0.001]:.2f} % at one of 0.1 %; "
            f"it takes the largest of three standard errors (`statistics/memory.py`) to do so."
        )
    }

Shuffling labels within dates calls too much an edge where symbols move together. So the permutation
test decides nothing, and `statistics.json` tells by its `width` how much too narrow that null is."""


def _said(name: str) -> str:
    return name.replace("_", " ")


def _lines(rows: Any) -> str:
    return "\n".join(rows)


def _wrapped(text: str) -> str:
    """A paragraph, or an item of a list, in lines as long as those of the rest."""
    indent = "  " if text.startswith("- ") else ""
    return textwrap.fill(text, 100, subsequent_indent=indent, break_on_hyphens=False)


def _described(of: Any) -> str:
    """A docstring without its first line."""
    return inspect.getdoc(of).split("\n", 1)[1].strip()  # type: ignore[union-attr]

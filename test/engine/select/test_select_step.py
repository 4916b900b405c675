"""The select step drops what it says it drops, on training rows only, and says why."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import polars as pl
import pytest

from breadthflow_engine.protocol.errors import StepError
from breadthflow_engine.protocol.messages import Progress
from breadthflow_engine.protocol.step import Artifact
from breadthflow_engine.steps.select import STEP
from breadthflow_engine.validation import combinatorial_purged, make_labels, walk_forward

TARGET = {"kind": "log_realised_volatility", "horizon": 5}
VALIDATION = {"folds": 3, "first_train_fraction": 0.4, "embargo": 5}


def params(**selection: object) -> dict[str, Any]:
    return {"target": TARGET, "validation": VALIDATION, "selection": selection}


def document(made: Artifact) -> dict[str, Any]:
    return json.loads(made.file("selection.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def inputs(before_select, panel: pl.DataFrame) -> dict[str, Artifact]:
    return before_select(panel)


@pytest.fixture(scope="module")
def selected(run_step, inputs: dict[str, Artifact]) -> Artifact:
    return run_step(STEP, params(max_features=10), inputs=inputs)


@pytest.fixture(scope="module")
def by_name(selected: Artifact) -> dict[str, dict[str, Any]]:
    return {entry["name"]: entry for entry in document(selected)["features"]}


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("constant", "constant"),
        ("almost_constant", "context"),
        ("month", "context"),
        ("month_again", "redundant"),
        ("rare", "too_few_values"),
        ("level_of_yesterday", "kept"),
    ],
)
def test_each_feature_meets_its_rule(by_name: dict[str, Any], name: str, rule: str) -> None:
    assert by_name[name]["rule"] == rule
    assert by_name[name]["kept"] == (rule in ("kept", "context"))
    assert by_name[name]["reason"]


def test_of_features_with_the_same_ranks_one_is_kept(by_name: dict[str, Any]) -> None:
    same = [by_name["strong"], by_name["strong_again"]]
    assert sorted(entry["rule"] for entry in same) == ["duplicate", "kept"]
    kept = next(entry["name"] for entry in same if entry["kept"])
    assert next(entry for entry in same if not entry["kept"])["redundant_with"] == kept


def test_a_feature_correlated_beyond_the_limit_goes(
    run_step, inputs: dict[str, Artifact], by_name: dict[str, Any]
) -> None:
    assert by_name["strong_nearly"]["rule"] == "redundant"
    loose = document(run_step(STEP, params(max_correlation=1.0), inputs=inputs))
    assert "strong_nearly" in loose["final"]


def test_a_feature_whose_sign_turns_goes(run_step, inputs: dict[str, Artifact]) -> None:
    strict = document(run_step(STEP, params(min_stability=1.0), inputs=inputs))
    entry = next(e for e in strict["features"] if e["name"] == "turncoat")
    assert entry["rule"] == "unstable"
    assert entry["stability"] < 1
    assert "strong" in strict["final"] or "strong_again" in strict["final"]


def test_the_score_is_the_mean_daily_rank_ic(by_name: dict[str, Any], panel: pl.DataFrame) -> None:
    labels = make_labels(panel.lazy(), TARGET)
    days = labels["date"].unique().sort().gather_every(3)  # 395 days // 100
    daily = (
        labels.join(panel.select("symbol", "date", "strong"), on=["symbol", "date"])
        .filter(pl.col("date").is_in(days.implode()))
        .group_by("date")
        .agg(pl.corr("strong", "label", method="spearman").alias("ic"))
    )
    defined = daily["ic"].drop_nans()  # on the first day all symbols are alike
    assert by_name["strong"]["score"] == pytest.approx(defined.mean(), abs=1e-6)


def test_no_more_than_the_places_are_taken(run_step, inputs: dict[str, Artifact]) -> None:
    made = run_step(STEP, params(max_features=2), inputs=inputs)
    assert len(document(made)["final"]) == 2
    assert made.summary["kept"] == 2
    assert made.summary["made"] == len(document(made)["features"])
    assert sum(made.summary["dropped"].values()) == made.summary["made"] - 2


def test_a_fold_sees_nothing_after_its_purge(
    run_step, before_select, panel: pl.DataFrame, selected: Artifact
) -> None:
    """With everything after the last training label of a fold replaced, it selects the same."""
    labels = make_labels(panel.lazy(), TARGET)
    fold = walk_forward(labels["date"], VALIDATION, TARGET["horizon"])[1]
    after = pl.col("date") > fold.purge_end
    random = np.random.default_rng(9)
    drawn = pl.Series(random.normal(size=panel.height))
    price = pl.Series(50 * np.exp(random.normal(0, 0.05, panel.height)))
    names = [
        "strong", "strong_again", "strong_nearly", "level_of_yesterday", "turncoat", "noise",
    ]  # fmt: skip
    other = panel.with_columns(
        *(pl.when(after).then(drawn * (i + 1)).otherwise(n).alias(n) for i, n in enumerate(names)),
        *(
            pl.when(after).then(price * k).otherwise(c).alias(c)
            for c, k in {"open": 1.0, "high": 1.01, "low": 0.99, "close": 1.0}.items()
        ),
    )
    changed = document(run_step(STEP, params(max_features=10), inputs=before_select(other)))
    assert changed["folds"][:2] == document(selected)["folds"][:2]
    assert changed["features"] != document(selected)["features"]


def test_the_same_inputs_select_the_same(
    run_step, inputs: dict[str, Artifact], selected: Artifact
) -> None:
    again = run_step(STEP, params(max_features=10), inputs=inputs)
    assert document(again) == document(selected)


def test_progress_is_told(run_step, inputs: dict[str, Artifact], events: list) -> None:
    run_step(STEP, params(), inputs=inputs)
    fractions = [event.fraction for event in events if isinstance(event, Progress)]
    assert len(fractions) >= 5
    assert fractions[-1] == 1


@pytest.mark.parametrize("kept", [["constant"], ["month", "almost_constant"], ["rare"]])
def test_no_features_left_says_what_to_do(
    run_step, before_select, panel: pl.DataFrame, kept: list[str]
) -> None:
    columns = ["symbol", "date", "open", "high", "low", "close", "volume"]
    with pytest.raises(StepError) as refused:
        run_step(STEP, params(), inputs=before_select(panel.select(*columns, *kept)))
    assert refused.value.code == "select.no_features"
    assert "No features left after selection" in refused.value.detail
    assert "min_stability" in refused.value.hint


@pytest.mark.parametrize(("count", "said"), [(1, "one symbol"), (2, "2 symbols")])
def test_too_few_symbols_to_order_are_said_before_any_feature_is_dropped(
    run_step, before_select, panel: pl.DataFrame, count: int, said: str
) -> None:
    few = panel.filter(
        pl.col("symbol").is_in(panel["symbol"].unique().sort().head(count).implode())
    )
    with pytest.raises(StepError) as raised:
        run_step(STEP, params(), inputs=before_select(few))
    assert raised.value.code.startswith("universe.")
    assert said in raised.value.detail
    assert "3 symbols" in raised.value.hint


def test_features_of_another_universe_are_refused(
    run_step, before_select, panel: pl.DataFrame, inputs: dict[str, Artifact]
) -> None:
    renamed = panel.with_columns((pl.lit("X") + pl.col("symbol")).alias("symbol"))
    mixed = {"bars": inputs["bars"], "features": before_select(renamed)["features"]}
    with pytest.raises(StepError) as refused:
        run_step(STEP, params(), inputs=mixed)
    assert refused.value.code == "select.no_rows"


def test_the_kept_features_stand_beside_those_that_they_move_with(selected: Artifact) -> None:
    together = json.loads(selected.file("correlation.json").read_text("utf-8"))
    kept = {entry["name"] for entry in document(selected)["features"] if entry["rule"] == "kept"}
    assert set(together["names"]) == kept
    values = np.array(together["values"])
    assert values.shape == (len(kept), len(kept))
    assert np.diag(values) == pytest.approx(1)
    assert values == pytest.approx(values.T)
    assert np.abs(values).max() <= 1


def test_splits_have_features_of_their_own_only_under_cpcv(
    run_step, inputs: dict[str, Artifact], selected: Artifact
) -> None:
    cut = {**VALIDATION, "scheme": "cpcv", "groups": 4, "test_groups": 1}
    made = document(run_step(STEP, {**params(), "validation": cut}, inputs=inputs))
    assert [entry["split"] for entry in made["splits"]] == [0, 1, 2, 3]
    assert all(entry["kept"] for entry in made["splits"])
    assert document(selected)["splits"] == []


def test_a_split_sees_nothing_of_its_tested_group_nor_of_the_days_around_it(
    run_step, before_select, inputs: dict[str, Artifact], panel: pl.DataFrame
) -> None:
    """With prices and features replaced from its first tested day to the end of its embargo, a
    split selects the same; labels before that reach into it, and those days must be left out."""
    target = {**TARGET, "horizon": 40}
    cut = {**VALIDATION, "scheme": "cpcv", "groups": 4, "test_groups": 1}
    labels = make_labels(panel.lazy(), target)
    split = combinatorial_purged(
        labels["date"].to_numpy(),
        labels["label_end"].to_numpy(),
        groups=4,
        test_groups=1,
        embargo=VALIDATION["embargo"],
    ).splits[1]
    (window,) = split.windows
    days = pl.col("date").cast(pl.Datetime("us"))
    hidden = days.is_between(pl.lit(window.start), pl.lit(window.clear))
    random = np.random.default_rng(9)
    drawn = pl.Series(random.normal(size=panel.height))
    price = pl.Series(50 * np.exp(random.normal(0, 0.05, panel.height)))
    names = ["strong", "strong_again", "strong_nearly", "level_of_yesterday", "turncoat", "noise"]
    other = panel.with_columns(
        *(pl.when(hidden).then(drawn * (i + 1)).otherwise(n).alias(n) for i, n in enumerate(names)),
        *(
            pl.when(hidden).then(price * k).otherwise(c).alias(c)
            for c, k in {"open": 1.0, "high": 1.01, "low": 0.99, "close": 1.0}.items()
        ),
    )
    chosen = {**params(max_features=10), "validation": cut, "target": target}
    honest = document(run_step(STEP, chosen, inputs=inputs))
    changed = document(run_step(STEP, chosen, inputs=before_select(other)))
    assert changed["splits"][1] == honest["splits"][1]
    assert changed["features"] != honest["features"], "what was replaced does matter elsewhere"

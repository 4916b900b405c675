"""All detectors for which a subject has what they need."""

from __future__ import annotations

from breadthflow_engine.leaks.adjusted_levels import adjusted_levels
from breadthflow_engine.leaks.adjusted_volumes import adjusted_volumes
from breadthflow_engine.leaks.chosen_on_test import chosen_on_test
from breadthflow_engine.leaks.cut_features import cut_features
from breadthflow_engine.leaks.cut_pipeline import cut_pipeline
from breadthflow_engine.leaks.dependence import measure
from breadthflow_engine.leaks.duplicate_rows import duplicate_rows
from breadthflow_engine.leaks.embargo import embargo
from breadthflow_engine.leaks.execution import execution
from breadthflow_engine.leaks.filled_from_future import filled_from_future
from breadthflow_engine.leaks.fold_fit import fold_fit
from breadthflow_engine.leaks.held_out import held_out
from breadthflow_engine.leaks.implausible_ic import implausible_ic
from breadthflow_engine.leaks.label_spans import label_spans
from breadthflow_engine.leaks.leak_test import LeakTest
from breadthflow_engine.leaks.return_matrix import Returns
from breadthflow_engine.leaks.split_order import split_order
from breadthflow_engine.leaks.stamped_early import stamped_early
from breadthflow_engine.leaks.subject import Subject
from breadthflow_engine.leaks.survivorship import survivorship
from breadthflow_engine.leaks.symbol_copies import symbol_copies
from breadthflow_engine.leaks.target_function import target_function


def audit(subject: Subject) -> list[LeakTest]:
    """What every detector tells, in the order of the pipeline: features, labels, folds, fits,
    trades, data."""
    returns = Returns.of(subject.bars)
    found = measure(subject)
    told = [
        cut_features(subject),
        cut_pipeline(subject),
        found and target_function(subject, found),
        found and implausible_ic(subject, found),
        label_spans(subject),
        embargo(subject),
        split_order(subject),
        held_out(subject),
        duplicate_rows(subject),
        fold_fit(subject),
        chosen_on_test(subject),
        execution(subject),
        symbol_copies(returns),
        stamped_early(returns),
        filled_from_future(subject),
        adjusted_levels(subject),
        adjusted_volumes(subject),
        survivorship(subject),
    ]
    return [test for test in told if test is not None]

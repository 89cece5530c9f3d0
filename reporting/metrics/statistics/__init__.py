"""Statistics for honest figures: pure functions from plain values to plain values.

Nothing here reads a table, a clock or a setting, and nothing makes words: verdicts, signals and
conditions are codes. Every public function names the source of its rule, and the figures it must
give are in its tests.
"""

from reporting.metrics.statistics.bunching import bunching, dispersion
from reporting.metrics.statistics.charts import (
    Assurance,
    ChartMethod,
    ChartSignal,
    Condition,
    ControlChart,
    Limits,
    Mark,
    Phase,
    Point,
    Recalculation,
    Scale,
    assurance,
)
from reporting.metrics.statistics.counts import (
    Count,
    CountComparison,
    compare_counts,
    poisson_count,
)
from reporting.metrics.statistics.durations import (
    DurationComparison,
    DurationTest,
    compare_durations,
)
from reporting.metrics.statistics.judgements import judge_metric, judge_rare_events, judge_series
from reporting.metrics.statistics.largest import LargestShare, chance_of_largest, largest_share
from reporting.metrics.statistics.measured import Measured, Method
from reporting.metrics.statistics.medians import (
    Durations,
    DurationSummary,
    MedianRanks,
    Quantile,
    median_ranks,
    plain_quantile,
    quantile,
    summarise_durations,
)
from reporting.metrics.statistics.plain import plain
from reporting.metrics.statistics.rare import RareEvents, t_chart
from reporting.metrics.statistics.series import u_chart, xmr_chart
from reporting.metrics.statistics.shares import Share, ShareComparison, compare_shares, wilson
from reporting.metrics.statistics.verdicts import (
    Basis,
    Comparison,
    Direction,
    Judgement,
    Shift,
    Verdict,
    benjamini_hochberg,
    judge_comparison,
    judge_comparisons,
    judged,
)

__all__ = [
    "Assurance",
    "Basis",
    "ChartMethod",
    "ChartSignal",
    "Comparison",
    "Condition",
    "ControlChart",
    "Count",
    "CountComparison",
    "Direction",
    "DurationComparison",
    "DurationSummary",
    "DurationTest",
    "Durations",
    "Judgement",
    "LargestShare",
    "Limits",
    "Mark",
    "Measured",
    "MedianRanks",
    "Method",
    "Phase",
    "Point",
    "Quantile",
    "RareEvents",
    "Recalculation",
    "Scale",
    "Share",
    "ShareComparison",
    "Shift",
    "Verdict",
    "assurance",
    "benjamini_hochberg",
    "bunching",
    "chance_of_largest",
    "compare_counts",
    "compare_durations",
    "compare_shares",
    "dispersion",
    "judge_comparison",
    "judge_comparisons",
    "judge_metric",
    "judge_rare_events",
    "judge_series",
    "judged",
    "largest_share",
    "median_ranks",
    "plain",
    "plain_quantile",
    "poisson_count",
    "quantile",
    "summarise_durations",
    "t_chart",
    "u_chart",
    "wilson",
    "xmr_chart",
]

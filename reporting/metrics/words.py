"""A figure in words: how much, out of how many, how sure, and the verdict."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registers.notation import number
from reporting.metrics.computing import Answer
from reporting.metrics.statistics import Measured, Method, Shift, Verdict
from reporting.metrics.units import unit_words


def verdict_in_words(measured: Measured) -> str:
    """One of the four verdicts; where a neutral metric moved, which way."""
    match measured.verdict:
        case Verdict.DEMONSTRABLY_WORSE:
            return _("Demonstrably worse")
        case Verdict.DEMONSTRABLY_BETTER:
            return _("Demonstrably better")
        case Verdict.NO_DEMONSTRABLE_CHANGE:
            return _("No demonstrable change")
        case Verdict.TOO_FEW_DATA:
            return _("Too few data")
    if measured.shift in (Shift.UP, Shift.DOWN):
        return _("Demonstrably higher") if measured.shift is Shift.UP else _("Demonstrably lower")
    return _("Not compared")


def figure_in_words(answer: Answer) -> str:
    """The figure with its certainty on one line, e.g. ``4 of 10 (95% interval 17-69%)``."""
    figure = how_much(answer)
    sure = how_sure(answer)
    return f"{figure} ({sure})" if sure else figure


def how_much(answer: Answer) -> str:
    """How much, and out of how many; never a bare percentage."""
    measured, decimals = answer.measured, answer.metric.decimals
    if not measured.has_data:
        return _("Too few data")
    unit = answer.metric.unit
    if measured.method is Method.WILSON:
        words = _out_of(measured)
        return f"{measured.subject}: {words}" if measured.subject else words
    if measured.method in (Method.KAPLAN_MEIER, Method.ORDER_STATISTICS):
        if measured.value is None:
            least = number(measured.at_least, decimals)
            words = unit_words(unit, measured.at_least)
            return _("at least %(figure)s %(unit)s") % {"figure": least, "unit": words}
        return f"{number(measured.value, decimals)} {unit_words(unit, measured.value)}"
    if measured.denominator is not None:
        return f"{_out_of(measured)} {unit_words(unit, measured.denominator)}"
    return f"{number(measured.value, decimals)} {unit_words(unit, measured.value)}"


def how_sure(answer: Answer) -> str:
    """The interval, or what the figure rests on instead of one."""
    measured, decimals = answer.measured, answer.metric.decimals
    if not measured.has_data:
        return ""
    if measured.method is Method.REGISTER_COUNT:
        return _("complete count")
    if measured.method is Method.WILSON:
        return _named(f"{_percent(measured.low)}-{_percent(measured.high)}%")
    if measured.method is Method.POISSON:
        return _named(f"{number(measured.low, 1)}-{number(measured.high, 1)}")
    return "; ".join(filter(None, (_interval(measured, decimals), _rests_on(measured))))


def _named(interval: str) -> str:
    """Two figures with a dash between them mean nothing to who did not make them."""
    return _("95%% interval %s") % interval


def _interval(measured: Measured, decimals: int) -> str:
    if measured.low is None:
        return ""
    if measured.high is None:
        return _named(_("at least %s") % number(measured.low, decimals))
    return _named(f"{number(measured.low, decimals)}-{number(measured.high, decimals)}")


def _rests_on(measured: Measured) -> str:
    closed, still_open = measured.numerator or 0, measured.still_open or 0
    text = ngettext("%s closed", "%s closed", closed) % number(closed, 0)
    if not still_open:
        return text
    return text + ", " + ngettext("%s open", "%s open", still_open) % number(still_open, 0)


def _out_of(measured: Measured) -> str:
    return _("%(part)s of %(whole)s") % {
        "part": number(measured.numerator, 0),
        "whole": number(measured.denominator, 0),
    }


def _percent(share: float | None) -> str:
    return number((share or 0.0) * 100, 0)

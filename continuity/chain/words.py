"""The path of causes in words: what fails, what that takes down, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from continuity.chain.models import Kind
from continuity.chain.recovery import Wait
from continuity.chain.rules import Cause, Part, Role, Step
from registers.notation import capital, number
from registers.notation import hours as in_words

_KINDS = {
    Kind.PROCESS: ngettext_lazy("%(n)s process", "%(n)s processes", "count"),
    Kind.SERVICE: ngettext_lazy("%(n)s service", "%(n)s services", "count"),
    Kind.APPLICATION: ngettext_lazy("%(n)s application", "%(n)s applications", "count"),
    Kind.COMPONENT: ngettext_lazy("%(n)s component", "%(n)s components", "count"),
    Kind.DATA: ngettext_lazy("%(n)s data set", "%(n)s data sets", "count"),
    Kind.NETWORK: ngettext_lazy("%(n)s network", "%(n)s networks", "count"),
    Kind.HARDWARE: ngettext_lazy("%(n)s piece of hardware", "%(n)s pieces of hardware", "count"),
    Kind.SITE: ngettext_lazy("%(n)s site", "%(n)s sites", "count"),
    Kind.POWER: ngettext_lazy("%(n)s power supply", "%(n)s power supplies", "count"),
    Kind.TEAM: ngettext_lazy("%(n)s team", "%(n)s teams", "count"),
    Kind.SUPPLIER: ngettext_lazy("%(n)s supplier", "%(n)s suppliers", "count"),
}
Name = Callable[[str], str]
"""How a reader may know an element, by its code."""
Label = Callable[[Cause], str]
"""How a reader may know the requirement behind a cause."""


def after(hours: float) -> str:
    """When something happens, counted from the failure: at once, after 4 hours."""
    return _("at once") if hours == 0 else _("after %(time)s") % {"time": in_words(hours)}


def listed(names: Sequence[str]) -> str:
    """Names in a row: A, B and C."""
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def either(names: Sequence[str]) -> str:
    """Names to choose from: A, B or C."""
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s or %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def of_kind(kind: str, count: int) -> str:
    """How many elements of a kind: 9 services, 1 site."""
    return str(_KINDS[Kind(kind)] % {"n": number(count), "count": count})


def path(steps: Sequence[Step], name: Name, label: Label) -> list[str]:
    """One sentence per step, from what failed to what went down."""
    told = [_step(step, name, label) for step in steps]
    return [capital(text) if text.startswith(hidden()) else text for text in told]


def hidden() -> str:
    """What an element is called for who may not know which it is."""
    return _("an element outside your units")


def label(of: str, unseen: Iterable[tuple[str, str]]) -> str:
    """What a requirement is called, unless that is the code or name of an element ``unseen``."""
    return hidden() if any(of in names for names in unseen) else of


def _step(step: Step, name: Name, label: Label) -> str:
    subject = name(step.element)
    if step.because is None:
        return _("%(element)s fails.") % {"element": subject}
    goes = _("%(element)s goes down %(after)s: %(why)s.") % {
        "element": subject,
        "after": after(step.hours),
        "why": _why(step.because, name, label),
    }
    return " ".join([goes, *_bridge(step.because)])


def _why(cause: Cause, name: Name, label: Label) -> str:
    if len(cause.parts) == 1:
        return _("it needs %(alternative)s") % {"alternative": name(cause.parts[0].element)}
    needs = _("for “%(requirement)s” it needs %(minimum)s of %(of)s") % {
        "requirement": label(cause),
        "minimum": cause.minimum,
        "of": len(cause.parts),
    }
    return "; ".join([needs, *(_part(part, name) for part in cause.parts)])


def _part(part: Part, name: Name) -> str:
    words = {"element": name(part.element)}
    if part.role is Role.TOO_SLOW:
        return _("switching to %(element)s takes longer than the bridge") % words
    if part.role is Role.WAS_DOWN:
        return _("%(element)s is down then") % words
    if part.role is Role.SERVED:
        if part.until_hours is None:
            return _("%(element)s still serves") % words
        return _("%(element)s stops %(after)s") % {**words, "after": after(part.until_hours)}
    return _takes_over(part, words)


def _takes_over(part: Part, words: dict[str, str]) -> str:
    words = {**words, "since": after(part.since_hours or 0)}
    if part.until_hours is None:
        return _("%(element)s takes over %(since)s and still serves") % words
    words["until"] = after(part.until_hours)
    if part.spent:
        return _("%(element)s takes over %(since)s and is spent %(until)s") % words
    return _("%(element)s takes over %(since)s and stops %(until)s") % words


def _bridge(cause: Cause) -> list[str]:
    if not cause.bridge_known:
        return [_("How long it can go without is unknown; that counts as not at all.")]
    if cause.bridge_hours:
        return [_("It can go without for %(time)s.") % {"time": in_words(cause.bridge_hours)}]
    return []


def waits(steps: Sequence[Wait], name: Name) -> list[str]:
    """What decides how soon an element is back: one sentence per step, the element itself first."""
    told = [_wait(step, name) for step in steps]
    return [capital(text) if text.startswith(hidden()) else text for text in told]


def _wait(step: Wait, name: Name) -> str:
    words = {"element": name(step.element)}
    words["own"] = _("an unknown time") if step.own_hours is None else in_words(step.own_hours)
    if step.alternative is None:
        return _("%(element)s takes %(own)s.") % words
    words["alternative"] = name(step.alternative)
    if step.loop:
        told = _("%(element)s takes %(own)s after %(alternative)s, which waits for it in turn.")
    elif step.switchover_hours:
        words["switchover"] = in_words(step.switchover_hours)
        told = _(
            "%(element)s takes %(own)s after %(alternative)s; switching to it takes %(switchover)s."
        )
    else:
        told = _("%(element)s takes %(own)s after %(alternative)s.")
    return told % words

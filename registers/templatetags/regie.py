"""What templates of every room use: states, notation, and links that keep to what one may see."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.core.paginator import Page
from django.db.models import Model
from django.forms import BoundField
from django.http import QueryDict
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from registers import notation, registry
from registers.models import RegisterModel
from registers.status import Status, Tone

register = template.Library()


@register.simple_tag
def status(value: Status | None) -> SafeString | str:
    """A state as shape and word; nothing where there is no state."""
    return status_html(value) if value is not None else ""


def status_html(value: Status) -> SafeString:
    """The same for Python code."""
    shape = value.tone.shape
    if not shape:
        return format_html('<span class="state">{}</span>', value.word)
    return format_html(
        '<span class="state state-{}"><span class="shape shape-{}" aria-hidden="true"></span>'
        "{}</span>",
        value.tone.value,
        shape,
        value.word,
    )


@register.filter
def hours(value: float | Decimal | None) -> str:
    """Hours in words: ``{{ process.mtpd_hours|hours }}``; nothing is unknown, and says so."""
    return notation.hours(value) if value is not None else str(_("unknown"))


@register.filter
def day(value: date | datetime | None) -> str:
    """A date as 27-08-2024."""
    return notation.day(value)


@register.filter
def moment(value: datetime | None) -> str:
    """A date with its time as 27-08-2024 22:30."""
    return notation.moment(value)


@register.filter
def number(value: float | Decimal | None, decimals: int | None = None) -> str:
    """A number with the marks of the language: ``{{ share|number:1 }}``."""
    return notation.number(value, decimals)


@register.filter
def words(value: Any) -> str:
    """Any plain value as text: yes and no, dates, numbers."""
    return notation.words(value)


@register.filter
def cell(value: Any) -> str:
    """A table's cell: a state with its shape, anything else as text."""
    return status_html(value) if isinstance(value, Status) else notation.words(value)


@register.filter
def to_fill_in(field: BoundField) -> bool:
    """Whether an input must be filled in and can be left empty; a choice that always has a value
    asks nothing of anybody.
    """
    return field.field.required and field.field.widget.use_required_attribute(field.initial)


@register.filter
def page_numbers(page: Page[Any]) -> list[int | None]:
    """The numbers to offer around a page; ``None`` stands for those left out."""
    shown = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return [n if isinstance(n, int) else None for n in shown]


@register.filter
def capital(value: Any) -> str:
    """A capital first letter."""
    return notation.capital(value)


@register.filter
def tone_shape(tone: Tone | str) -> str:
    """The shape of a tone, for components that draw it themselves."""
    return Tone(tone).shape


@register.simple_tag(takes_context=True)
def record_link(context: Context, record: Model | None, text: Any = "") -> SafeString | str:
    """A link to a record's page, for a reader who may see it.

    Who may not see it reads that something stands here, not what.
    """
    request = context.get("request")
    return link_html(record, getattr(request, "user", None), text)


def link_html(record: Model | None, user: Any, text: Any = "") -> SafeString | str:
    """The same for Python code."""
    if record is None:
        return notation.NOTHING
    if isinstance(record, RegisterModel) and not registry.may_see(record, user):
        return format_html('<span class="hidden-record">{}</span>', _("not visible to you"))
    declaration = registry.for_model(type(record))
    if declaration is None or not isinstance(record, RegisterModel):
        return str(text or record)
    return format_html(
        '<a href="{}">{}</a>',
        declaration.url_of(record),
        text or declaration.label_of(record, user),
    )


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """The present query with some keys changed; ``None`` or ``""`` takes a key out.

    ``href="{% query page=2 %}"`` keeps search, filters and sorting.
    """
    current: QueryDict = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            current.pop(name, None)
        else:
            current[name] = str(value)
    return "?" + current.urlencode()

"""Columns of lists, panels and record pages: what to read, in which order, and as what it shows.

A list costs the same few queries at any size: the relations that its columns show come with
the rows, and the rows of a late page are found by key first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.core.paginator import Page, Paginator
from django.db import models
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registers import notation, registry
from registers.codes import field_at, relations_for_code
from registers.declaration import Badge, Column, Due, Moment, Number, Register, Relation
from registers.models import RegisterModel, RegisterQuerySet
from registers.sorting import terms
from registers.status import Status, Tone
from registers.templatetags.regie import link_html, status_html

PAGE_SIZE = 50
SORT = "sort"


class _Hidden:
    """What stands where the reader may not look."""


HIDDEN = _Hidden()


@dataclass(frozen=True)
class Plan:
    """A column with what the models say about it; made once per register."""

    column: Column
    field: models.Field[Any, Any] | None
    sort: str
    """Lookup to sort by; empty where sorting means nothing."""
    relations: tuple[str, ...]
    """What ``select_related`` needs so that no cell asks the database anything."""
    words: dict[Any, Any]
    """Words of a choice by its key."""

    @property
    def name(self) -> str:
        """What the column is called in an address."""
        return self.column.path

    @property
    def label(self) -> str:
        """The heading, in the present language."""
        label = self.column.label or (self.field.verbose_name if self.field else self.column.path)
        return notation.capital(label)

    @property
    def css(self) -> str:
        """Classes of head and cells."""
        numeric = "number " if isinstance(self.column, Number) else ""
        dated = "date " if isinstance(self.column, Moment | Due) else ""
        coded = "code " if self.column.link and self.name in ("code", "number") else ""
        return f"{numeric}{dated}{coded}priority-{self.column.priority}"


@dataclass(frozen=True, slots=True)
class Head:
    """One heading: a link that sorts, unless sorting means nothing."""

    label: str
    css: str
    sort: str = ""
    """Value of ``sort`` in the address that the link leads to."""
    direction: str = ""
    """``ascending`` or ``descending`` where the list is sorted by it now (aria-sort)."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: what it shows, and how the narrow card calls it."""

    html: SafeString | str
    css: str
    label: str


@dataclass(frozen=True)
class Table:
    """Rows ready to be written down."""

    caption: str
    heads: list[Head]
    rows: list[list[Cell]]


# Plans ---------------------------------------------------------------------------------------


@registry.once_per_register
def plans(declaration: type[Register]) -> tuple[Plan, ...]:
    """The plans of a register's own and contributed columns."""
    return tuple(plan(declaration, column) for column in registry.columns_of(declaration))


def plan(declaration: type[Register], column: Column) -> Plan:
    """What the models say about a column."""
    model = declaration.model
    field = field_at(model, column.path) if column.path else None
    sort = column.sort if column.sort is not None else (column.path if field is not None else "")
    if column.path in declaration.personal:
        sort = ""  # The order would tell what the cells withhold.
    choices = dict(field.flatchoices) if field is not None else {}
    needed = dict.fromkeys((*column.needs, *_relations(model, column)))
    return Plan(column, field, sort, tuple(needed), choices)


def named(declaration: type[Register], names: Iterable[str]) -> tuple[Plan, ...]:
    """Plans by name: of the register's columns, or of a field that is none of them."""
    known = {p.name: p for p in plans(declaration)}
    return tuple(known.get(name) or plan(declaration, fact(declaration, name)) for name in names)


def fact(declaration: type[Register], name: str) -> Column:
    """The column that a field makes where nobody declared one; no link to where one is already."""
    for column in declaration.columns:
        if column.path == name and type(column) is not Column:
            return replace(column, link=False)
    field = field_at(declaration.model, name)
    kind: type[Column] = Column
    options: dict[str, Any] = {}
    if field is None:
        pass
    elif field.is_relation:
        kind = Relation
    elif field.choices:
        kind = Badge
    elif isinstance(field, models.DateTimeField):
        kind, options = Moment, {"time": True}
    elif isinstance(field, models.DateField):
        kind = Moment
    elif isinstance(field, models.DecimalField | models.FloatField | models.IntegerField):
        kind, options = Number, {"decimals": None}
    return kind(path=name, **options)


def _relations(model: type[models.Model], column: Column) -> list[str]:
    """Relations on a column's path, what their scope lies behind, and what their labels read."""
    found: list[str] = []
    passed: list[str] = []
    for part in column.path.split("__") if column.path else ():
        try:
            field = model._meta.get_field(part)
        except FieldDoesNotExist:
            break
        if field.many_to_many or field.one_to_many or not field.is_relation:
            break
        assert isinstance(field.related_model, type)
        model = field.related_model
        passed.append(part)
        here = "__".join(passed)
        scope = getattr(model, "scope_path", None) or ""
        beyond = scope.rpartition("__")[0]
        found += [here, *([f"{here}__{beyond}"] if beyond else [])]
        found += [f"{here}__{path}" for path in relations_for_code(model)]
    return found


# Reading and showing -------------------------------------------------------------------------


def read(record: Any, path: str, user: Any) -> Any:
    """What stands at the end of a path; :data:`HIDDEN` behind what ``user`` may not see."""
    value = record
    for part in path.split("__"):
        if value is None:
            return None
        if (
            value is not record
            and isinstance(value, RegisterModel)
            and not registry.may_see(value, user)
        ):
            return HIDDEN
        value = getattr(value, part, None)
    return value


def show(plan: Plan, record: Any, user: Any, declaration: type[Register]) -> SafeString | str:
    """A column's cell for one record."""
    column = plan.column
    if plan.name in declaration.withheld(user, record):
        value = HIDDEN
    else:
        value = column.value(record) if column.value else read(record, column.path, user)
    if not column.link:
        return _hidden() if value is HIDDEN else _shown(plan, value, record, user)
    text = _link_text(plan, value, record, user) or notation.capital(declaration.singular())
    return format_html('<a href="{}">{}</a>', declaration.url_of(record), text)


def _link_text(plan: Plan, value: Any, record: Any, user: Any) -> SafeString | str:
    """What the link to the record itself says: no link within the link, and never nothing."""
    if value is HIDDEN:
        return _hidden()
    if isinstance(value, models.Model):
        seen = not isinstance(value, RegisterModel) or registry.may_see(value, user)
        return registry.label_of(value, user) if seen else ""
    text = _shown(plan, value, record, user)
    return "" if text == notation.NOTHING else text


def _hidden() -> SafeString:
    return format_html('<span class="hidden-record">{}</span>', _("not visible to you"))


def _shown(plan: Plan, value: Any, record: Any, user: Any) -> SafeString | str:
    column = plan.column
    if isinstance(value, Status):
        return status_html(value)
    if isinstance(column, Badge):
        return status_html(_badge(column, plan, value))
    if isinstance(value, models.Manager):
        return _several(value.all(), user)
    if isinstance(value, models.Model):
        return link_html(value, user)
    return notation.NOTHING if value in (None, "") else _plain(plan, value, record)


def _plain(plan: Plan, value: Any, record: Any) -> SafeString | str:
    column = plan.column
    if isinstance(column, Due):
        return _due(column, value, record)
    if isinstance(column, Moment):
        return notation.moment(value) if column.time else notation.day(value)
    if isinstance(column, Number) and not isinstance(value, str | bool):
        text = notation.number(value, column.decimals)
        return f"{text}\N{NO-BREAK SPACE}{column.unit}" if column.unit else text
    return notation.words(plan.words.get(value, value) if plan.words else value)


def _badge(column: Badge, plan: Plan, value: Any) -> Status:
    if value is None or (value == "" and value not in column.tones):
        return Status(_("Unknown"), Tone.UNKNOWN)
    return Status(plan.words.get(value, value), column.tones.get(value, Tone.NEUTRAL))


def _due(column: Due, value: Any, record: Any) -> SafeString | str:
    text = notation.day(value)
    date = timezone.localtime(value).date() if hasattr(value, "hour") else value
    done = column.done and getattr(record, column.done, None)
    if done or date >= timezone.localdate():
        return text
    return format_html(
        '<span class="state state-bad"><span class="shape shape-square" aria-hidden="true"></span>'
        '{}<span class="visually-hidden"> ({})</span></span>',
        text,
        _("past"),
    )


def _several(records: Any, user: Any) -> SafeString | str:
    """Each by name that may be seen; the others are counted."""
    visible = [link_html(record, user) for record in records if registry.may_see(record, user)]
    if hidden := len(records) - len(visible):
        told = ngettext(
            "%(n)s that is not visible to you", "%(n)s that are not visible to you", hidden
        )
        counted = told % {"n": notation.number(hidden)}
        visible.append(format_html('<span class="hidden-record">{}</span>', counted))
    return (
        format_html_join(", ", "{}", ((one,) for one in visible)) if visible else notation.NOTHING
    )


def table(
    declaration: type[Register],
    columns: Sequence[Plan],
    records: Sequence[Any],
    user: Any,
    *,
    caption: str,
    sorting: str | None = None,
) -> Table:
    """The rows as cells. ``sorting`` is the present value of ``sort``; ``None``: no sort links."""
    declaration.prepare_page(records)
    withheld = declaration.withheld(user)
    columns = [p for p in columns if p.name not in withheld]
    labels = [p.label for p in columns]
    return Table(
        caption,
        [_head(p, sorting) for p in columns],
        [
            [
                Cell(show(p, record, user, declaration), p.css, label)
                for p, label in zip(columns, labels, strict=True)
            ]
            for record in records
        ],
    )


def _head(plan: Plan, sorting: str | None) -> Head:
    if sorting is None or not plan.sort:
        return Head(plan.label, plan.css)
    if sorting == plan.name:
        return Head(plan.label, plan.css, f"-{plan.name}", "ascending")
    direction = "descending" if sorting == f"-{plan.name}" else ""
    return Head(plan.label, plan.css, plan.name, direction)


# Order and pages -----------------------------------------------------------------------------


def sorting_of(declaration: type[Register], asked: str) -> str:
    """The sorting that holds: what was asked if a column can do it, or the register's own."""
    names = {p.name for p in plans(declaration) if p.sort}
    if asked.removeprefix("-") in names:
        return asked
    first = declaration.ordering[0] if declaration.ordering else ""
    back, lookup = ("-", first[1:]) if first.startswith("-") else ("", first)
    own = next((p.name for p in plans(declaration) if lookup in (p.sort, p.name)), "")
    return back + own if own else ""


def ordered(
    records: RegisterQuerySet, declaration: type[Register], asked: str, user: Any
) -> RegisterQuerySet:
    """In the order asked for, or in the register's own; then by key, so it is always the same.

    The key runs the same way as the column before it: then one index serves both.
    """
    order: Sequence[str] = declaration.ordering
    for p in plans(declaration):
        if asked and p.sort and p.name == asked.removeprefix("-"):
            order = (("-" if asked.startswith("-") else "") + p.sort,)
    key = "-pk" if order and order[-1].startswith("-") else "pk"
    return records.order_by(*terms(declaration.model, order, user), key)


class KeyedPaginator(Paginator):  # type: ignore[type-arg]  # no generic when it runs
    """Finds the keys of a page first and then its rows, so that page 500 costs what page 1 does."""

    def __init__(self, records: RegisterQuerySet, columns: Sequence[Plan]) -> None:
        super().__init__(records, PAGE_SIZE)
        self.records = records
        self.relations = tuple(dict.fromkeys(r for p in columns for r in p.relations))

    def page(self, number: Any) -> Any:
        """The page with its records as a list, with the relations that its columns show."""
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        keys = list(self.records.values_list("pk", flat=True)[start : start + self.per_page])
        return Page(fetched(self.records.model, keys, self.relations), number, self)


def fetched(model: type[RegisterModel], keys: Sequence[int], relations: Sequence[str]) -> list[Any]:
    """The records with these keys, in this order."""
    records = model.objects.filter(pk__in=keys)
    if relations:
        records = records.select_related(*relations)
    by_key = {record.pk: record for record in records}
    return [by_key[key] for key in keys if key in by_key]

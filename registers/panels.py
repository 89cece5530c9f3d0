"""A record's page in parts: its facts, and what hangs on it from its own and from higher rooms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Window
from django.template.loader import render_to_string
from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from registers import registry
from registers.access import ADD, VIEW
from registers.codes import code_of, tells
from registers.declaration import Panel, Register, Related
from registers.lists import Plan, Table, fact, named, ordered, plan, plans, show, table
from registers.models import RegisterModel
from registers.notation import capital

SHOWN = 10


@dataclass(frozen=True)
class Fact:
    """One thing that a record's page tells."""

    label: str
    html: SafeString | str


@dataclass(frozen=True)
class Facts:
    """Facts under one heading; the heading may be empty."""

    title: str
    facts: Sequence[Fact]


@dataclass(frozen=True)
class RelatedPanel:
    """The records of another register that point at this one: the first few, and how many."""

    title: str
    table: Table
    count: int
    list_url: str = ""
    add_url: str = ""

    @property
    def more(self) -> bool:
        """Whether there are more than are shown."""
        return self.count > len(self.table.rows)


@dataclass(frozen=True)
class OwnPanel:
    """A panel that a room renders itself."""

    title: str
    html: SafeString


def fact_plans(declaration: type[Register]) -> list[tuple[str, tuple[Plan, ...]]]:
    """What a record's page tells, by heading: the declared facts, or the form's sections."""
    if declaration.facts:
        return [("", tuple(plan(declaration, column) for column in declaration.facts))]
    return [
        (str(section.title), tuple(plan(declaration, fact(declaration, n)) for n in section.fields))
        for section in declaration.sections
    ] or [("", plans(declaration))]


def relations_of(declaration: type[Register]) -> tuple[str, ...]:
    """What ``select_related`` needs for a record's page."""
    found = [r for _title, group in fact_plans(declaration) for p in group for r in p.relations]
    return tuple(dict.fromkeys([*found, *(r for p in plans(declaration) for r in p.relations)]))


def facts(declaration: type[Register], record: RegisterModel, user: Any) -> list[Facts]:
    """The facts of a record that ``user`` may see."""
    withheld = declaration.withheld(user, record)
    found = []
    for title, group in fact_plans(declaration):
        told = [
            Fact(p.label, show(p, record, user, declaration))
            for p in group
            if p.name not in withheld
        ]
        if told:
            found.append(Facts(title, told))
    return found


def some_facts(
    declaration: type[Register], record: RegisterModel, user: Any, names: Sequence[str]
) -> list[Fact]:
    """The facts of these fields that ``user`` may see, in this order; no relations among them."""
    withheld = declaration.withheld(user, record)
    asked = [plan(declaration, fact(declaration, name)) for name in names if name not in withheld]
    return [Fact(p.label, show(p, record, user, declaration)) for p in asked]


class Panels:
    """The panels of one record for one reader, in order."""

    def __init__(self, declaration: type[Register], record: RegisterModel, request: Any) -> None:
        self.declaration = declaration
        self.record = record
        self.request = request
        self.user = request.user

    @cached_property
    def all(self) -> list[OwnPanel | RelatedPanel]:
        """Every panel that this reader gets, empty ones too."""
        return list(self._made())

    @property
    def filled(self) -> list[OwnPanel | RelatedPanel]:
        """Panels with something in them."""
        return [p for p in self.all if isinstance(p, OwnPanel) or p.count]

    @property
    def empty(self) -> list[RelatedPanel]:
        """Related registers that hold nothing for this record: one line tells them all."""
        return [p for p in self.all if isinstance(p, RelatedPanel) and not p.count]

    def _made(self) -> Iterator[OwnPanel | RelatedPanel]:
        for declared in registry.panels_of(self.declaration):
            made = self._related(declared) if isinstance(declared, Related) else self._own(declared)
            if made is not None:
                yield made

    def _own(self, declared: Panel) -> OwnPanel | None:
        context = declared.context(self.record, self.user)
        if context is None:
            return None
        given = {**context, "record": self.record, "register": self.declaration}
        html = render_to_string(declared.template, given, request=self.request)
        return OwnPanel(str(declared.title), html)

    def _related(self, declared: Related) -> RelatedPanel | None:
        other = registry.get(declared.register)
        if not other.allows(self.user, VIEW):
            return None
        columns = named(other, declared.columns) if declared.columns else plans(other)[:4]
        relations = tuple(dict.fromkeys(r for p in columns for r in p.relations))
        pointing = other.records(self.user).filter(**{declared.path: self.record.pk})
        found = ordered(pointing, other, "", self.user).annotate(count_all=Window(Count("pk")))
        if relations:
            found = found.select_related(*relations)
        rows = list(found[:SHOWN])
        return RelatedPanel(
            str(declared.title),
            table(other, _linked(columns, other), rows, self.user, caption=str(declared.title)),
            rows[0].count_all if rows else 0,
            self._list_url(other, declared.path),
            self._add_url(other, declared.path),
        )

    def _list_url(self, other: type[Register], path: str) -> str:
        """The other register's list, narrowed to this record, if a filter can do that."""
        if not tells(self.record, self.user):
            return ""
        for declared in other.filters:
            if declared.kind == "lookup" and (declared.path or declared.name) == path:
                return f"{other.list_url()}?{urlencode({declared.name: code_of(self.record)})}"
        return ""

    def _add_url(self, other: type[Register], path: str) -> str:
        offered = path in other.form_fields() and other.allows(self.user, ADD)
        if not offered or not tells(self.record, self.user):
            return ""
        return f"{other.add_url()}?{urlencode({path: code_of(self.record)})}"


def _linked(columns: Sequence[Plan], other: type[Register]) -> Sequence[Plan]:
    """The columns with at least one that leads to the record."""
    if any(p.column.link for p in columns) or not columns:
        return columns
    first = replace(columns[0], column=replace(columns[0].column, link=True))
    return (first, *columns[1:])


def title_of(declaration: type[Register], record: RegisterModel, user: Any) -> str:
    """A record's name as the heading of its page, for this reader."""
    return capital(declaration.label_of(record, user))

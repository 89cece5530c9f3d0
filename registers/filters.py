"""Search and filters of a list: one class per register, one answer for page, export and API.

An invalid value never shows everything: :class:`Selection` then holds no records and says why.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import django_filters
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from registers import registry
from registers.chips import Chip, chips_of
from registers.declaration import Register
from registers.fields import searched
from registers.filter_kinds import made_of
from registers.models import RegisterQuerySet

SEARCH = "q"


@dataclass(frozen=True)
class Selection:
    """What a query selects out of a register, for one user."""

    records: RegisterQuerySet
    form: forms.Form
    query: QueryDict

    @property
    def valid(self) -> bool:
        """Whether every value was understood; if not, ``records`` is empty."""
        return self.form.is_valid()

    @property
    def faults(self) -> list[str]:
        """What was not understood, a sentence for each filter."""
        return [
            f"{self.form.fields[name].label}: {' '.join(map(str, faults))}"
            for name, faults in self.form.errors.items()
        ]

    @property
    def chips(self) -> list[Chip]:
        """The filters that are set."""
        return list(chips_of(self.form, self.query)) if self.form.is_bound else []


def select(declaration: type[Register], user: Any, query: QueryDict) -> Selection:
    """The records of a register that ``user`` may see and ``query`` asks for.

    Keys that are no filter (``page``, ``sort``, ``format``) are left alone.
    """
    records = declaration.records(user)
    filters = filterset_for(declaration)(query, queryset=records)
    for field in filters.form.fields.values():
        bind = getattr(field, "bind", None)
        if bind is not None:
            bind(user)
    filters.user = user
    found = filters.qs if filters.form.is_valid() else records.none()
    return Selection(found, filters.form, query)


class RegisterFilters(django_filters.FilterSet):  # type: ignore[misc]  # the library has no types
    """Search and filters of one register."""

    declaration: ClassVar[type[Register]]
    user: Any = None

    def filter_queryset(self, queryset: Any) -> Any:
        """Search first, then every filter that has a value."""
        for name, value in self.form.cleaned_data.items():
            if name == SEARCH:
                queryset = searched(queryset, value, self.user) if value else queryset
            else:
                queryset = self.filters[name].filter(queryset, value)
        return queryset


@registry.once_per_register
def filterset_for(declaration: type[Register]) -> type[RegisterFilters]:
    """The filter class of a register."""
    made: dict[str, Any] = {SEARCH: django_filters.CharFilter(label=_("Search"))}
    made[SEARCH].extra["widget"] = forms.TextInput(attrs={"type": "search", "maxlength": 200})
    made[SEARCH].extra["max_length"] = 200
    for declared in declaration.filters:
        made[declared.name] = made_of(declaration, declared)
    found: type[RegisterFilters] = type(
        f"{declaration.__name__}Filters",
        (RegisterFilters,),
        {**made, "declaration": declaration},
    )
    return found


def parameters(declaration: type[Register]) -> dict[str, str]:
    """Every key that a filter reads from an address, with the kind of filter it belongs to."""
    found = {SEARCH: "text"}
    for declared in declaration.filters:
        if declared.kind == "range":
            found |= {f"{declared.name}_min": "range", f"{declared.name}_max": "range"}
        else:
            found[declared.name] = declared.kind
    return found

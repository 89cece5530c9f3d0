"""The differences of an import in words, as far as the user may see what they are about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registers import codes, notation
from registers.declaration import Register
from registers.fields import view_verb
from registers.models import RegisterModel
from registers.transfer.columns import Target, targets
from registers.transfer.planning import Difference, Plan, Planned
from registers.transfer.values import pairs

HIDDEN = "…"
"""What stands for a record that the reader may not see."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a record, before and after, in words."""

    field: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RecordChange:
    """One record that an import makes or changes."""

    row: int
    key: str
    title: str
    fields: list[FieldChange]


class Wording:
    """Puts differences in words; records are read in bulk, once for each kind."""

    def __init__(self, declaration: type[Register], user: Any) -> None:
        self.declaration = declaration
        self.user = user
        self.names: dict[type[RegisterModel], dict[int, str]] = defaultdict(dict)

    def of(self, several: Sequence[Planned]) -> list[RecordChange]:
        """The records with what changes in each."""
        self._read_names(several)
        return [
            RecordChange(
                planned.row,
                codes.code_of(planned.record),
                str(planned.record),
                [self._change(d) for d in (*planned.on_parent, *planned.differences)],
            )
            for planned in several
        ]

    def _change(self, difference: Difference) -> FieldChange:
        target = targets(self.declaration).get(difference.name)
        if target is None:
            rel: Any = self.declaration.model._meta.get_field(difference.name)
            label = str(rel.related_model._meta.verbose_name_plural)
            count = difference.after
            return FieldChange(
                difference.name, label, "", ngettext("%d new", "%d new", count) % count
            )
        return FieldChange(
            target.name,
            target.label,
            self._words(target, difference.before),
            self._words(target, difference.after),
        )

    def _words(self, target: Target, value: Any) -> str:
        if value is None or value in ("", []):
            return notation.NOTHING
        if target.is_links:
            return ", ".join(self._name(target, one) for one in value)
        if target.is_relation:
            return self._name(target, value)
        if target.field is not None and target.field.choices:
            return str(dict(pairs(target.field)).get(value, value))
        return notation.words(value)

    def _name(self, target: Target, value: Any) -> str:
        if isinstance(value, RegisterModel):
            return codes.code_of(value)
        return self.names[target.related].get(int(value), HIDDEN)

    def _read_names(self, several: Iterable[Planned]) -> None:
        """The codes of records that the differences name by key, where the user may see them."""
        asked: dict[type[RegisterModel], set[int]] = defaultdict(set)
        for planned in several:
            for difference in (*planned.on_parent, *planned.differences):
                target = targets(self.declaration).get(difference.name)
                if target is None or not (target.is_relation or target.is_links):
                    continue
                for value in (difference.before, difference.after):
                    held = value if isinstance(value, list) else [value]
                    asked[target.related] |= {v for v in held if isinstance(v, int)}
        for model, keys in asked.items():
            records = model.objects.all()
            if self.user is not None:
                records = model.objects.for_user(self.user, view_verb(model))
            related = codes.relations_for_code(model)
            for record in records.filter(pk__in=keys).select_related(*related):
                self.names[model][record.pk] = codes.code_of(record)


def summary(plan: Plan) -> list[str]:
    """How many records are created, changed, unchanged and refused, as sentences."""
    words = [
        (
            len(plan.created),
            ngettext("%(count)s created", "%(count)s created", len(plan.created)),
        ),
        (
            len(plan.changed),
            ngettext("%(count)s changed", "%(count)s changed", len(plan.changed)),
        ),
        (
            plan.unchanged,
            ngettext("%(count)s unchanged", "%(count)s unchanged", plan.unchanged),
        ),
        (plan.refused, ngettext("%(count)s refused", "%(count)s refused", plan.refused)),
    ]
    rows = ngettext("%(count)s row", "%(count)s rows", plan.rows)
    parts = ", ".join(text % {"count": notation.number(count)} for count, text in words)
    return [
        _("%(rows)s: %(parts)s.")
        % {"rows": rows % {"count": notation.number(plan.rows)}, "parts": parts}
    ]

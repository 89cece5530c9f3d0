"""The form of a stop, client and chain test: fields, a matrix of answers, and effects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from continuity.chain.words import after
from continuity.processes import words
from continuity.processes.actions import ANSWERS, Filled
from continuity.processes.models import ImpactCategory, Process, ProcessTest
from continuity.processes.reading import Standing
from continuity.processes.rules import HORIZONS, Cell, Effect
from registers import registry
from registers.fields import RecordField
from registers.forms import form_field, lookup_address

NEEDED = ("held_on", "respondents", "who_notices", "what_they_meet", "criticality", "review_on")
"""Fields without which a test is not submitted; a draft is saved without them."""
SPARE_ROWS = 3
"""Empty rows in the chain test for processes that the chain does not name."""
LEVELS = (
    ("", gettext_lazy("not judged")),
    ("0", gettext_lazy("0 · none")),
    ("1", gettext_lazy("1 · slight")),
    ("2", gettext_lazy("2 · serious")),
    ("3", gettext_lazy("3 · severe")),
    ("4", gettext_lazy("4 · disastrous")),
)
REASON_LENGTH = 500


@dataclass(frozen=True)
class Question:
    """One category of the stop test with its answers by horizon."""

    category: ImpactCategory
    rows: Sequence[tuple[int, str, forms.BoundField, forms.BoundField]]


@dataclass(frozen=True)
class EffectLine:
    """One process in the chain test: what the chain says beside what people say."""

    effect: Effect
    process: Process
    computed: str
    hit: forms.BoundField
    why: forms.BoundField


class TestFields(forms.ModelForm):  # type: ignore[type-arg]  # no generic when it runs
    """The plain fields; :func:`fields_form` makes them like those of every register."""

    class Meta:
        model = ProcessTest
        fields = ANSWERS


@cache
def fields_form() -> type[TestFields]:
    """The class of the plain fields, made once: registers have to be declared first."""
    declaration = registry.get("process-tests")
    made = forms.modelform_factory(
        ProcessTest,
        form=TestFields,
        fields=ANSWERS,
        formfield_callback=lambda field, **options: form_field(declaration, field, **options),
    )
    assert issubclass(made, TestFields)
    return made


class AnswerForm(forms.Form):
    """Fields, matrix and effects together, under names that stay the same over versions."""

    use_required_attribute = False

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any, standing: Standing, user: Any) -> None:
        super().__init__(data, initial={"version": standing.test.version})
        self.standing = standing
        plain = fields_form()(instance=standing.test)
        for name in ANSWERS:
            self.fields[name] = plain.fields[name]
            self.fields[name].required = False
            self.initial[name] = plain.initial[name]
        self._mark_needed(True)
        self._add_matrix()
        self._add_effects()
        self._add_spare_rows(user)

    def _mark_needed(self, needed: bool) -> None:
        for name in NEEDED:
            self.fields[name].required = needed

    def full_clean(self) -> None:
        """Check what is filled in; what is missing keeps nobody from saving a draft."""
        self._mark_needed(False)
        super().full_clean()
        self._mark_needed(True)

    def _add_matrix(self) -> None:
        for category in self.standing.categories:
            for horizon in HORIZONS:
                cell = self.standing.matrix.get((category.pk, horizon), Cell())
                when = f"{category.name}, {words.moment(horizon)}"
                level = forms.TypedChoiceField(
                    choices=LEVELS, coerce=int, empty_value=None, required=False
                )
                level.widget.attrs.update({"class": "form-select", "aria-label": when})
                reason = forms.CharField(max_length=REASON_LENGTH, required=False)
                label = _("Why: %(when)s") % {"when": when}
                reason.widget.attrs.update(
                    {"class": "form-control", "aria-label": label, "placeholder": _("why")}
                )
                level.label = reason.label = when
                name = f"{category.pk}-{horizon}"
                self._add(f"level-{name}", level, "" if cell.level is None else cell.level)
                self._add(f"reason-{name}", reason, cell.reason)

    def _add_effects(self) -> None:
        for effect in self.standing.effects:
            process = self.standing.processes[effect.process]
            hit = forms.BooleanField(required=False)
            hit.widget.attrs["class"] = "form-check-input"
            hit.label = _("%(process)s is hit") % {"process": process.name}
            why = forms.CharField(max_length=REASON_LENGTH, required=False)
            why.label = _("Explanation: %(process)s") % {"process": process.name}
            why.widget.attrs.update({"class": "form-control", "aria-label": why.label})
            self._add(f"hit-{effect.process}", hit, effect.declared)
            self._add(f"why-{effect.process}", why, effect.explanation)

    def _add_spare_rows(self, user: Any) -> None:
        address = lookup_address(registry.get("process-tests"), "process")
        for row in range(1, SPARE_ROWS + 1):
            process = RecordField(Process, required=False)
            process.user = user
            process.label = _("Another process %(number)s") % {"number": row}
            process.widget.address = address
            process.widget.attrs.update({"class": "form-control", "aria-label": process.label})
            why = forms.CharField(max_length=REASON_LENGTH, required=False)
            why.label = _("Explanation %(number)s") % {"number": row}
            why.widget.attrs.update({"class": "form-control", "aria-label": why.label})
            self._add(f"more-{row}", process, None)
            self._add(f"more-why-{row}", why, "")

    def _add(self, name: str, field: forms.Field, initial: Any) -> None:
        self.fields[name] = field
        self.initial[name] = initial

    # For the template ---------------------------------------------------------------------------

    def questions(self) -> Iterator[Question]:
        """The stop test: each category with a row per horizon."""
        for category in self.standing.categories:
            yield Question(
                category,
                [
                    (
                        h,
                        words.moment(h),
                        self[f"level-{category.pk}-{h}"],
                        self[f"reason-{category.pk}-{h}"],
                    )
                    for h in HORIZONS
                ],
            )

    def lines(self) -> Iterator[EffectLine]:
        """The chain test: each process with what the chain says."""
        for effect in self.standing.effects:
            key = effect.process
            yield EffectLine(
                effect,
                self.standing.processes[key],
                computed_words(effect.computed_hours),
                self[f"hit-{key}"],
                self[f"why-{key}"],
            )

    def spare(self) -> Iterator[tuple[forms.BoundField, forms.BoundField]]:
        """Empty rows for processes that the chain does not name."""
        for row in range(1, SPARE_ROWS + 1):
            yield self[f"more-{row}"], self[f"more-why-{row}"]

    # For the action -----------------------------------------------------------------------------

    def filled(self) -> Filled:
        """The answers as the action takes them; only after ``is_valid``."""
        given = self.cleaned_data
        matrix = {
            (category.pk, horizon): Cell(
                given[f"level-{category.pk}-{horizon}"], given[f"reason-{category.pk}-{horizon}"]
            )
            for category in self.standing.categories
            for horizon in HORIZONS
        }
        effects = {
            effect.process: (given[f"hit-{effect.process}"], given[f"why-{effect.process}"])
            for effect in self.standing.effects
        }
        for row in range(1, SPARE_ROWS + 1):
            process = given[f"more-{row}"]
            if process is not None and process.pk != self.standing.test.process_id:
                effects[process.pk] = (True, given[f"more-why-{row}"])
        return Filled({name: given[name] for name in ANSWERS}, matrix, effects)


def computed_words(after_hours: float | None) -> str:
    """What the chain says of a process: down after 4 hours, or stays up."""
    if after_hours is None:
        return _("stays up")
    return _("down %(after)s") % {"after": after(after_hours)}

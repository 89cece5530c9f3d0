"""From a cell to the value of a field: read, and checked by the field's own rules."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import translation
from django.utils.translation import gettext as _

from registers.transfer import typed
from registers.transfer.faults import Bad

SHEET_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"}
DANGEROUS = re.compile(
    r"'*(?:[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]|(?:"
    + "|".join(map(re.escape, sorted(SHEET_ERRORS)))
    + r")\Z)"
)
"""What a spreadsheet takes for a formula or an error, also in wide characters; and the same with
quotation marks in front, so that defusing can be undone."""
SHOWN_CHOICES = 12
ALLOWED_CONTROLS = "\t\n"
Reader = Callable[[Any], Any]
LONGEST_NUMBER = 40
"""Digits before the decimal point; no column of ours holds as many."""


@dataclass(frozen=True)
class Reading:
    """What a file's cells are read with: decimal mark, clock, order of day and month."""

    mark: str
    clock: typed.Clock
    day_first: bool = True


def undefused(text: str) -> str:
    """A text as it was before :func:`defused`."""
    return text[1:] if text[:1] == "'" and DANGEROUS.match(text) else text


def defused(text: str) -> str:
    """A text that no spreadsheet takes for a formula: with a ``'`` in front where it might."""
    return "'" + text if DANGEROUS.match(text) else text


def _number_text(exact: Decimal, raw: float | Decimal) -> str:
    """A number of a sheet as text; one that would fill the memory when written out is refused."""
    if not exact.is_finite() or exact.adjusted() > LONGEST_NUMBER:
        raise _too_large()
    return str(int(exact)) if exact == exact.to_integral_value() else str(raw)


def _too_large() -> Bad:
    return Bad(_("This number is too large."), _("Mend the number."))


def plain_text(raw: Any) -> str:
    """A cell as text, line breaks alike, no space around it; raises :class:`Bad` for rubbish."""
    if isinstance(raw, str):
        if raw in SHEET_ERRORS:
            raise Bad(
                _("The cell holds an error of the spreadsheet."), _("Mend the formula, then save.")
            )
        text = undefused(raw).replace("\r\n", "\n").replace("\r", "\n").strip()
    elif isinstance(raw, bool):
        text = "true" if raw else "false"
    elif isinstance(raw, datetime | date):
        text = raw.isoformat()
    elif isinstance(raw, float | Decimal):
        text = _number_text(Decimal(raw) if isinstance(raw, float) else raw, raw)
    else:
        text = str(raw)
    if not text.isprintable():
        _refuse_controls(text)
    return text


def _refuse_controls(text: str) -> None:
    for mark in text:
        if unicodedata.category(mark) in ("Cc", "Cs") and mark not in ALLOWED_CONTROLS:
            raise Bad(
                _("The text contains a control character (%(code)s).")
                % {"code": f"U+{ord(mark):04X}"},
                _("Remove it."),
            )


def reader_of(field: models.Field[Any, Any], reading: Reading) -> Reader:
    """How cells that are not empty become values of ``field``; it raises :class:`Bad`."""
    read = _plain_reader(field, reading)

    def checked(raw: Any) -> Any:
        value = read(raw)
        try:
            field.run_validators(value)
        except ValidationError as wrong:
            raise Bad(" ".join(wrong.messages)) from None
        return value

    return checked


def _plain_reader(field: models.Field[Any, Any], reading: Reading) -> Reader:
    if field.choices:
        return _choice_reader(field)
    if isinstance(field, models.DecimalField):
        return _stripped(_decimal_reader(field, reading.mark))
    by_kind: tuple[tuple[type[models.Field[Any, Any]], Reader], ...] = (
        (
            models.DateTimeField,
            lambda raw: typed.moment(raw, reading.clock, day_first=reading.day_first),
        ),
        (models.DateField, lambda raw: typed.day(raw, day_first=reading.day_first)),
        (models.FloatField, lambda raw: float(typed.number(raw, reading.mark))),
        (models.IntegerField, lambda raw: typed.whole(raw, reading.mark)),
        (models.BooleanField, typed.yes_no),
        (models.JSONField, _json),
    )
    found = next((read for kind, read in by_kind if isinstance(field, kind)), None)
    return plain_text if found is None else _stripped(found)


def _stripped(read: Reader) -> Reader:
    """Space around what is no text means nothing.

    A text keeps it until its ``'`` is off: the space may stand before or behind that.
    """
    return lambda raw: read(raw.strip() if isinstance(raw, str) else raw)


def _decimal_reader(field: models.DecimalField[Any, Any], mark: str) -> Reader:
    places = field.decimal_places
    step = Decimal(1).scaleb(-places)

    def read(raw: Any) -> Decimal:
        found = typed.number(raw, mark)
        try:
            rounded = found.quantize(step)
        except InvalidOperation:
            raise _too_large() from None
        # A float of a spreadsheet carries the noise of binary fractions; a text means what it says.
        if rounded != found and (isinstance(raw, str) or abs(rounded - found) > step / 1000):
            raise Bad(
                _("This has more than %(places)d decimals.") % {"places": places}, _("Round it.")
            )
        return rounded

    return read


def _json(raw: Any) -> Any:
    try:
        return json.loads(plain_text(raw)) if isinstance(raw, str) else raw
    except ValueError:
        raise Bad(_("This is not JSON."), _("Take it over from an export.")) from None


def _choice_reader(field: models.Field[Any, Any]) -> Reader:
    known = choices_by_word(field)
    plain = {str(value): value for value, _label in pairs(field) if value not in (None, "")}
    words = {
        value: str(label) if known.get(str(label).strip().casefold()) == value else str(value)
        for value, label in pairs(field)
        if value not in (None, "")
    }

    def read(raw: Any) -> Any:
        text = plain_text(raw)
        if text in plain:
            return plain[text]
        found = known.get(text.casefold())
        if found is None:
            close = get_close_matches(text.casefold(), known, n=1, cutoff=0.6)
            raise Bad(
                _("This is not one of the possible values."),
                _("Did you mean “%(value)s”?") % {"value": words[known[close[0]]]}
                if close
                else _("Possible: %(values)s.")
                % {"values": ", ".join([*words.values()][:SHOWN_CHOICES])},
            )
        return found

    return read


def pairs(field: models.Field[Any, Any]) -> Sequence[tuple[Any, Any]]:
    """The choices of a field as values with their labels, groups opened."""
    return [(value, label) for value, label in field.flatchoices]


def choices_by_word(field: models.Field[Any, Any]) -> dict[str, Any]:
    """Choices by code and by label in every language; a word that means two is left out."""
    found: dict[str, Any] = {}
    doubtful: set[str] = set()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for value, label in pairs(field):
                word = str(label).strip().casefold()
                if value not in (None, "") and found.setdefault(word, value) != value:
                    doubtful.add(word)
    words = {word: value for word, value in found.items() if word not in doubtful}
    for value, _label in pairs(field):
        if value not in (None, ""):
            words[str(value).casefold()] = value
    return words

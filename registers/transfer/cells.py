"""Writing values so that people read them, spreadsheets keep them, and imports give them back."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from registers.notation import plain
from registers.transfer.typed import AMBIGUOUS
from registers.transfer.values import choices_by_word, defused, pairs

NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
FIRST_YEAR_OF_SHEETS = 1901


@dataclass(frozen=True)
class Notation:
    """How a file is written.

    ``words``: headings, choices, yes and no in the language that is active, instead of codes.
    ``local``: 31-12-2025 22:30 and 1234,5 instead of ISO 8601 and 1234.5. ``native``: numbers
    and dates as such, for a spreadsheet.
    """

    words: bool = False
    local: bool = False
    native: bool = False


class Writer:
    """Writes the values of one field; :meth:`cell` gives text, or a native value for a sheet."""

    def __init__(self, field: models.Field[Any, Any] | None, notation: Notation) -> None:
        self.notation = notation
        self.labels: dict[Any, str] = {}
        self.is_json = isinstance(field, models.JSONField)
        if field is not None and field.choices and notation.words:
            known = choices_by_word(field)
            self.labels = {
                value: str(label)
                for value, label in pairs(field)
                if known.get(str(label).strip().casefold()) == value
            }

    def cell(self, value: Any) -> Any:
        """The value as it stands in the file; nothing is an empty text."""
        if value is None or value == "":
            return ""
        if self.is_json:
            return self._text(json.dumps(value, ensure_ascii=False))
        if self.labels:
            return self._text(self.labels.get(value, str(value)))
        if isinstance(value, bool):
            return self._yes_no(value)
        if isinstance(value, datetime):
            return self._moment(value)
        if isinstance(value, date):
            return self._day(value)
        if isinstance(value, int | float | Decimal):
            return self._number(value)
        return self._text(str(value))

    def _text(self, text: str) -> str:
        safe = defused(text)
        return NOT_IN_XML.sub("", safe) if self.notation.native else safe

    def _yes_no(self, value: bool) -> Any:
        if self.notation.words:
            return _("Yes") if value else _("No")
        if self.notation.native:
            return value
        return "true" if value else "false"

    def _number(self, value: float | Decimal) -> Any:
        if self.notation.native:
            return plain(value)
        number = plain(value)
        text = format(number, "f") if isinstance(number, Decimal) else str(number)
        text = text.replace(".", ",") if self.notation.local else text
        # Three decimals could be thousands; a fourth takes the doubt away.
        return f"{text}0" if AMBIGUOUS.fullmatch(text) else text

    def _day(self, value: date) -> Any:
        if self.notation.native and value.year >= FIRST_YEAR_OF_SHEETS:
            return value
        return _local_day(value) if self.notation.local else value.isoformat()

    def _moment(self, value: datetime) -> Any:
        there = timezone.localtime(value)
        doubtful = there.utcoffset() != there.replace(fold=1 - there.fold).utcoffset()
        if doubtful or there.microsecond:
            return there.isoformat()
        if self.notation.native and there.year >= FIRST_YEAR_OF_SHEETS:
            return there.replace(tzinfo=None)
        if not self.notation.local:
            return there.isoformat()
        seconds = f":{there.second:02}" if there.second else ""
        return f"{_local_day(there)} {there.hour:02}:{there.minute:02}{seconds}"


def _local_day(value: date) -> str:
    return f"{value.day:02}-{value.month:02}-{value.year:04}"

"""How values are written for people: 27-08-2024, 22:30, 1.234,5, and a word for nothing."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

HOURS_PER_DAY = 24
NOTHING = "–"


def day(value: date | datetime | None) -> str:
    """A date as 27-08-2024, in local time."""
    if value is None:
        return NOTHING
    if isinstance(value, datetime):
        value = timezone.localtime(value) if timezone.is_aware(value) else value
    return value.strftime("%d-%m-%Y")


def moment(value: datetime | None) -> str:
    """A date with its time as 27-08-2024 22:30, in local time."""
    if value is None:
        return NOTHING
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return local.strftime("%d-%m-%Y %H:%M")


def number(value: int | float | Decimal | None, decimals: int | None = None) -> str:
    """A number with the marks of the language; without ``decimals`` as many as it has."""
    if value is None:
        return NOTHING
    # Rounded here: Django's number_format cuts off what does not fit, and 16.8 would read as 16.
    shown = plain(value) if decimals is None else Decimal(f"{value:.{decimals}f}") + 0
    return str(formats.number_format(shown, decimals, use_l10n=True, force_grouping=True))


def plain(value: int | float | Decimal) -> int | float | Decimal:
    """The same number without trailing zeros: 4.000 is 4, and never 4E+3."""
    if isinstance(value, Decimal):
        normal = value.normalize()
        return normal.quantize(Decimal(1)) if normal == normal.to_integral_value() else normal
    return int(value) if isinstance(value, float) and value.is_integer() else value


def in_address(value: Decimal) -> str:
    """A number as an address holds it, which every language reads alike: who shares it may read
    another language than who opens it.

    Three digits behind a point would be thousands to some.
    """
    text = f"{plain(value):f}"
    return f"{text}0" if len(text.partition(".")[2]) == 3 else text


def hours(value: float | Decimal | None) -> str:
    """A time span, given in hours, in the words that people use: 20 minutes, 4 hours, 3 days.

    Hours to two decimals, which is less than a minute.
    """
    if value is None:
        return NOTHING
    amount = Decimal(str(value))
    if 0 < amount < 1:
        minutes = amount * 60
        text = number(round(minutes, 1))
        return ngettext("%(n)s minute", "%(n)s minutes", 1 if minutes == 1 else 2) % {"n": text}
    if amount >= 2 * HOURS_PER_DAY and amount % HOURS_PER_DAY == 0:
        days = int(amount) // HOURS_PER_DAY
        return ngettext("%(n)s day", "%(n)s days", days) % {"n": number(days)}
    text = number(round(amount, 2))
    return ngettext("%(n)s hour", "%(n)s hours", 1 if amount == 1 else 2) % {"n": text}


def words(value: Any) -> str:
    """Any plain value as text."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list | tuple):
        return ", ".join(words(part) for part in value)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, int | float | Decimal):
        return number(value)
    return str(value)


def capital(text: Any) -> str:
    """The text with a capital first letter; the rest as it stands (``capfirst`` for lazy texts)."""
    plain_text = str(text)
    return plain_text[:1].upper() + plain_text[1:]

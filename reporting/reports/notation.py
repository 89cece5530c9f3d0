"""Numbers, dates and periods as people write them in Dutch and in English."""

from __future__ import annotations

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import dateformat
from django.utils.dates import MONTHS, MONTHS_3
from django.utils.translation import gettext as _
from django.utils.translation import override

NOT_KNOWN = "–"
ZONE = ZoneInfo("Europe/Amsterdam")

_SEPARATORS = {"nl": (",", "."), "en": (".", ",")}
_PERIOD = re.compile(
    r"(?P<year>\d{4})(?:-(?:Q(?P<quarter>[1-4])|T(?P<third>[1-3])|(?P<month>\d\d)))?"
)


def number(value: float | None, language: str, decimals: int = 0) -> str:
    """``1.234,5`` in Dutch, ``1,234.5`` in English; a dash where there is none."""
    if value is None:
        return NOT_KNOWN
    point, thousands = _SEPARATORS[language]
    text = f"{abs(value):,.{decimals}f}"
    text = text.replace(",", "\0").replace(".", point).replace("\0", thousands)
    negative = value < 0 and text.strip("0.,")
    return f"-{text}" if negative else text


def separators(language: str) -> str:
    """Decimal and thousands separator, as plotly's ``layout.separators`` takes them."""
    return "".join(_SEPARATORS[language])


def day(value: str | date | None, language: str) -> str:
    """A date in a table, a sentence or on an axis: ``27-08-2024``, as on every page."""
    return _written(value, language, "d-m-Y")


def long_day(value: str | date | None, language: str) -> str:
    """A date for running text: ``27 augustus 2024``."""
    return _written(value, language, "j F Y")


def moment(value: str | None, language: str) -> str:
    """A moment in the Netherlands: ``27-08-2024 22:30``."""
    if not value:
        return NOT_KNOWN
    local = datetime.fromisoformat(value).astimezone(ZONE)
    return f"{day(local.date(), language)} {local:%H:%M}"


def long_moment(value: str, language: str) -> str:
    """A moment for running text: ``27 augustus 2024, 22:30``."""
    local = datetime.fromisoformat(value).astimezone(ZONE)
    return f"{long_day(local.date(), language)}, {local:%H:%M}"


def period_name(code: str, language: str) -> str:
    """A period in full: ``2e kwartaal 2026``, ``mei 2026``."""
    found = _PERIOD.fullmatch(code)
    if found is None:
        return code
    with override(language):
        year = found["year"]
        if found["quarter"]:
            return _ordinal_quarter(int(found["quarter"])) % {"year": year}
        if found["third"]:
            return _ordinal_third(int(found["third"])) % {"year": year}
        if found["month"]:
            return f"{MONTHS[int(found['month'])]} {year}"
        return year


def period_cell(code: str, language: str) -> str:
    """A period for a table: ``Q2 2026``, ``mei 2026``."""
    found = _PERIOD.fullmatch(code)
    if found is not None and (found["quarter"] or found["third"]):
        return f"{code[5:]} {found['year']}"
    return period_name(code, language)


def period_label(code: str, language: str) -> str:
    """A period for an axis: ``Q2 26``, ``mei 26``."""
    found = _PERIOD.fullmatch(code)
    if found is None:
        return code
    year = found["year"][2:]
    if found["quarter"]:
        return f"Q{found['quarter']} {year}"
    if found["third"]:
        return f"T{found['third']} {year}"
    if found["month"]:
        with override(language):
            month = str(MONTHS_3[int(found["month"])])
        # Django keeps these in lower case; English, unlike Dutch, writes a capital.
        return f"{month.capitalize() if language == 'en' else month} {year}"
    return code


def _written(value: str | date | None, language: str, form: str) -> str:
    if not value:
        return NOT_KNOWN
    moment_or_day = date.fromisoformat(value) if isinstance(value, str) else value
    with override(language):
        return dateformat.format(moment_or_day, form)


def _ordinal_quarter(which: int) -> str:
    return {
        1: _("first quarter of %(year)s"),
        2: _("second quarter of %(year)s"),
        3: _("third quarter of %(year)s"),
        4: _("fourth quarter of %(year)s"),
    }[which]


def _ordinal_third(which: int) -> str:
    return {
        1: _("first four months of %(year)s"),
        2: _("second four months of %(year)s"),
        3: _("third four months of %(year)s"),
    }[which]

"""Reading what people type: 31-12-2025, 22:30, 1.234,5, ja. The counterpart is ``cells.py``."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from registers.calendar import in_calendar
from registers.transfer.faults import Bad

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan januari january",
            "feb februari february",
            "mrt maart mar march",
            "apr april",
            "mei may",
            "jun juni june",
            "jul juli july",
            "aug augustus august",
            "sep sept september",
            "okt oktober oct october",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}
CENTURY_TURN = 70
"""Two digits below this are years from 2000, the others from 1900 (POSIX strptime)."""
TIME = (
    r"(?:(?:T|\s+)(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})"
    r"(?:[.,](?P<fraction>\d{1,6})\d*)?)?\s*(?P<half>[ap]\.?m\.?)?(?:\s*uur)?)?"
    r"\s*(?P<offset>Z|[+-]\d{2}:?\d{2}(?::\d{2})?)?"
)
ISO = re.compile(r"(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})" + TIME, re.IGNORECASE)
LOCAL = re.compile(
    r"(?P<first>\d{1,2})[-/. ](?P<second_part>\d{1,2})[-/. ](?P<year>\d{4}|\d{2})" + TIME,
    re.IGNORECASE,
)
NAMED = re.compile(
    r"(?P<day>\d{1,2})[- ](?P<name>[a-z]{3,9})\.?[- ](?P<year>\d{4}|\d{2})" + TIME, re.IGNORECASE
)
GROUPED = {
    ",": re.compile(r"[+-]?\d{1,3}(\.\d{3})+(,\d*)?"),
    ".": re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?"),
}
AMBIGUOUS = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(E[+-]?\d{1,3})?", re.IGNORECASE)
YES = {"ja", "j", "yes", "y", "true", "waar", "1", "x"}
NO = {"nee", "n", "no", "false", "onwaar", "0"}
LONGEST_NUMBER = 40


@dataclass
class Clock:
    """Local times without an offset, and what was met on the nights when the clock changes.

    A time that the clock skipped is read with the offset from before the change, as if the clock
    had not moved; a time that came twice is the first of the two (PEP 495). Both are counted.
    """

    zone: Any = field(default_factory=timezone.get_default_timezone)
    skipped: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)

    def aware(self, local: datetime, text: str) -> datetime:
        """The moment in UTC that a local time means."""
        there = _in_calendar(local, text).replace(tzinfo=self.zone)
        early, late = there.utcoffset(), there.replace(fold=1).utcoffset()
        if early != late and early is not None and late is not None:
            (self.twice if early > late else self.skipped).append(text)
        return there.astimezone(UTC)


def no_date(text: Any) -> Bad:
    """What is said of a cell that holds no date at all."""
    return Bad(_("This is not a date."), _("Write it like 31-12-2025, or 2025-12-31."))


def impossible_date(text: Any) -> Bad:
    """What is said of a date that looks like one but doesn't exist."""
    return Bad(_("This date does not exist."), _("Write it like 31-12-2025, or 2025-12-31."))


def moment(raw: Any, clock: Clock, *, day_first: bool = True) -> datetime:
    """A moment in UTC from a date with or without a time; without one it is midnight."""
    if isinstance(raw, datetime) and raw.tzinfo:
        return _in_calendar(raw, raw).astimezone(UTC)
    if isinstance(raw, datetime):
        return clock.aware(raw, str(raw))
    if isinstance(raw, date):
        return clock.aware(datetime(raw.year, raw.month, raw.day), str(raw))  # noqa: DTZ001 - the clock sets its zone
    local, offset = _parts(raw, day_first=day_first)
    if offset is None:
        return clock.aware(local, raw)
    return _in_calendar(local, raw).replace(tzinfo=UTC) - offset


def _in_calendar(value: datetime, raw: Any) -> datetime:
    if not in_calendar(value):
        raise impossible_date(raw)
    return value


def day(raw: Any, *, day_first: bool = True) -> date:
    """A date; a time is only allowed where it is midnight."""
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw
    local = raw if isinstance(raw, datetime) else _parts(raw, day_first=day_first)[0]
    if local.time() != time():
        raise Bad(_("A date without a time is needed here."), _("Leave out the time."))
    return local.date()


def _parts(raw: Any, *, day_first: bool) -> tuple[datetime, timedelta | None]:
    """Local date and time, and the offset from UTC if one is written."""
    if not isinstance(raw, str):
        raise no_date(raw)
    found = ISO.fullmatch(raw) or LOCAL.fullmatch(raw) or NAMED.fullmatch(raw)
    if not found:
        raise no_date(raw)
    part = found.groupdict()
    year = int(part["year"])
    if len(part["year"]) == 2:
        year += 2000 if year < CENTURY_TURN else 1900
    if "name" in part:
        month, number = MONTHS.get(part["name"].lower(), 0), int(part["day"])
    elif "first" in part:
        pair = int(part["first"]), int(part["second_part"])
        number, month = pair if day_first else pair[::-1]
    else:
        month, number = int(part["month"]), int(part["day"])
    hour = int(part["hour"] or 0)
    if part["half"]:
        hour = hour % 12 + (12 if part["half"].lower().startswith("p") else 0)
    fraction = int((part["fraction"] or "").ljust(6, "0"))
    try:
        local = datetime(  # noqa: DTZ001 - the caller knows the zone
            *(year, month, number, hour, int(part["minute"] or 0), int(part["second"] or 0)),
            fraction,
        )
    except ValueError:
        raise impossible_date(raw) from None
    return local, _offset(part["offset"])


def _offset(text: str | None) -> timedelta | None:
    if not text:
        return None
    if text.upper() == "Z":
        return timedelta()
    sign = -1 if text[0] == "-" else 1
    digits = text[1:].replace(":", "").ljust(6, "0")
    hours, minutes, seconds = int(digits[:2]), int(digits[2:4]), int(digits[4:6])
    return sign * timedelta(hours=hours, minutes=minutes, seconds=seconds)


def no_number(text: Any) -> Bad:
    """What is said of a cell that holds no number."""
    return Bad(_("This is not a number."), _("Write it like 1234,5 or 1234.5."))


def decimal_mark(texts: Iterable[Any]) -> str:
    """The decimal mark that the numbers of a file agree on; ``""`` where they show none or two."""
    marks = {mark for text in texts if isinstance(text, str) if (mark := _mark_of(text))}
    return marks.pop() if len(marks) == 1 else ""


@lru_cache(maxsize=65_536)
def _mark_of(text: str) -> str:
    """The decimal mark that one text can only have; ``""`` where both are possible or neither."""
    text = _bare(text)
    if ("." not in text and "," not in text) or AMBIGUOUS.fullmatch(text):
        return ""
    last = max(text.rfind("."), text.rfind(","))
    mark = text[last]
    if text.count(mark) > 1:
        return "," if mark == "." else "."
    return mark


def _bare(text: str) -> str:
    return re.sub(r"[\s\u00a0\u202f'’]", "", text)


def number(raw: Any, mark: str) -> Decimal:
    """A number; ``mark`` is the file's decimal mark, ``""`` if each must speak for itself."""
    if isinstance(raw, bool):
        raise no_number(raw)
    if isinstance(raw, timedelta):
        return Decimal(str(raw.total_seconds())) / 3600
    if isinstance(raw, int | float | Decimal):
        if not math.isfinite(raw):
            raise no_number(raw)
        return Decimal(str(raw))
    if not isinstance(raw, str) or len(raw) > LONGEST_NUMBER:
        raise no_number(raw)
    text = _bare(raw)
    own = mark or _mark_of(text)
    if not own and AMBIGUOUS.fullmatch(text):
        raise Bad(
            _("This can be read in two ways: as thousands or as decimals."),
            _("Write 1234 or 1,2340, or choose a profile that names the decimal mark."),
        )
    return _decimal(text, own)


def _decimal(text: str, mark: str) -> Decimal:
    group = "." if mark == "," else ","
    if mark and group in text:
        if not GROUPED[mark].fullmatch(text):
            raise no_number(text)
        text = text.replace(group, "")
    text = text.replace(",", ".")
    if not NUMBER.fullmatch(text):
        raise no_number(text)
    try:
        return Decimal(text)
    except InvalidOperation:
        raise no_number(text) from None


def whole(raw: Any, mark: str) -> int:
    """A whole number; here 1.234 can only mean a thousand and more."""
    if isinstance(raw, str) and AMBIGUOUS.fullmatch(_bare(raw)) and (mark or "?") not in raw:
        return int(re.sub(r"[.,]", "", _bare(raw)))
    found = number(raw, mark)
    if found != found.to_integral_value():
        raise Bad(_("A whole number is needed here."), _("Leave out the decimals."))
    return int(found)


def yes_no(raw: Any) -> bool:
    """Yes or no, in Dutch or English."""
    if isinstance(raw, bool):
        return raw
    text = str(raw).strip().casefold()
    text = text.removesuffix(".0")
    if text in YES or text in NO:
        return text in YES
    raise Bad(_("This is neither yes nor no."), _("Write yes or no."))

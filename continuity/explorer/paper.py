"""The answer to a what-if on one sheet of paper: PDF/UA, for a wall or a telephone at night."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from continuity.explorer.picture import Picture
from registers.notation import moment
from registers.typesetting import typeset

MOST_PROCESSES = 14
MOST_CONTACTS = 7
PIXELS = 96 / 25.4
"""In a millimetre, as CSS has it."""
WIDE, HIGH = 184, 192
"""What a sheet has for its tables and the picture, in millimetres; a row takes 8, a contact 7."""
LOWEST = 24
LEGIBLE = 0.5
"""The least scale at which the names in the picture can be read on paper."""


def sheet(answer: Mapping[str, Any], at: str) -> bytes:
    """One page from what the explorer's page shows; what does not fit is counted.

    ``answer``: the context of the page. ``at``: the hour of the picture, in words.
    """
    now, language = timezone.now(), get_language() or "nl"
    rows = answer["rows"]
    shown, called = rows[:MOST_PROCESSES], answer["contacts"][:MOST_CONTACTS]
    size = _size(answer["drawing"].picture, HIGH - 8 * len(shown) - 7 * len(called))
    context = {
        **answer,
        "size": size,
        "language": language,
        "rows": shown,
        "left": answer["left"] + max(len(rows) - MOST_PROCESSES, 0),
        "contacts": called,
        "at": at,
        "made": _("Worked out on %(moment)s from the registers as they stood then.")
        % {"moment": moment(now)},
    }
    return typeset(
        render_to_string("continuity/what_if_paper.html", context),
        language=language,
        title=answer["title"],
        when=now,
        assets={"picture.svg": render_to_string("continuity/picture_paper.svg", context)}
        if size
        else {},
    )


def _size(drawn: Picture, room: int) -> tuple[int, int] | None:
    """The picture's width and height in pixels, so that it fits and is never enlarged.

    None where it would be too small to read: the tables say the same, and need the room.
    """
    most_wide, most_high = WIDE * PIXELS, max(room, LOWEST) * PIXELS
    scale = min(1, most_wide / drawn.width, most_high / drawn.height)
    if scale < LEGIBLE:
        return None
    return int(drawn.width * scale), int(drawn.height * scale)

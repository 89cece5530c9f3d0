"""An outage on paper: PDF/UA, to lay beside the evaluation of it."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from continuity.outages import panels, words
from continuity.outages.queries import Account
from registers.notation import moment
from registers.typesetting import typeset


def sheet(account: Account) -> bytes:
    """What the page of an outage shows, with everything that is on it."""
    now, language = timezone.now(), get_language() or "nl"
    outage = account.outage
    context = {
        **panels.minute_zero(account),
        **panels.comparison(outage, account.user),
        "outage": outage,
        "language": language,
        **panels.timeline_lines(account),
        **panels.finding_items(account),
        "compared_sentences": words.sentences(account),
        "made": _("Worked out on %(moment)s from the registers as they stood then.")
        % {"moment": moment(now)},
    }
    html = render_to_string("outages/paper.html", context)
    return typeset(html, language=language, title=str(outage), when=now)

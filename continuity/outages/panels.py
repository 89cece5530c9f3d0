"""What an outage's page tells: the model at minute 0, the timeline, the comparison, findings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from continuity.chain.words import after, listed
from continuity.explorer.contacts import contacts
from continuity.outages import words
from continuity.outages.models import Judgement, Observation, Outage, OutageLine
from continuity.outages.queries import Account, Found, account_of
from continuity.outages.rules import Compared
from continuity.processes import words as process_words
from registers import registry
from registers.access import ADD
from registers.notation import moment, number
from registers.status import Notice, Status, Tone

HOURS = (0, 1, 4, 8, 24)
"""The hours at which the processes that are down are counted."""
MOST_CONTACTS = 4
MOST_ROWS = 100
MOST_LINES = 200
MOST_FINDINGS = 50


def notices(outage: Outage, user: Any) -> list[Notice]:
    """What an outage's page says first: findings that wait, and a cause that is not known."""
    account = account_of(outage, user)
    waiting = sum(found.open for found in account.findings)
    if not waiting:
        return []
    text = ngettext(
        "%(count)s finding against the model waits for a judgement.",
        "%(count)s findings against the model wait for a judgement.",
        waiting,
    )
    return [Notice(text % {"count": number(waiting)}, url="#findings")]


# Minute 0, and the timeline -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the timeline beside the model: minutes after the beginning, processes down."""

    line: OutageLine
    minutes: str
    down: str
    corrected_by: Sequence[int]


def timeline(outage: Outage, user: Any) -> Mapping[str, Any]:
    """The timeline beside what one question told at minute 0."""
    account = account_of(outage, user)
    return {
        **minute_zero(account),
        **timeline_lines(account),
        **_addresses("outage-lines", outage, user),
    }


def timeline_lines(account: Account) -> dict[str, Any]:
    """The first lines with the minutes after the beginning and what the model has down by then."""
    corrected = defaultdict(list)
    for line in account.lines:
        if line.corrects_id is not None:
            corrected[line.corrects_id].append(line.number)
    lines = [
        Line(
            line,
            number(round(account.hours(line.moment) * 60)),
            _down_by(account, account.hours(line.moment)),
            corrected[line.pk],
        )
        for line in account.lines[:MOST_LINES]
    ]
    return {"lines": lines, "lines_left": len(account.lines) - len(lines)}


def _down_by(account: Account, hours: float) -> str:
    """How many processes the model has down at an hour of the outage; nothing outside it."""
    if not account.failed or not 0 <= hours <= account.lasted_hours:
        return ""
    return number(_count(account, hours))


def _count(account: Account, hours: float) -> int:
    effects = (*account.effects.seen, *account.effects.unseen)
    return sum(effect.down_after_hours <= hours for effect in effects)


def minute_zero(account: Account) -> dict[str, Any]:
    """What one question to the explorer told when the outage began."""
    if not account.failed:
        return {"asked": False}
    effects = account.effects
    hidden = account.hidden_failed
    # Whom to call is asked of the moment of which the chain is asked.
    at = account.at if account.unknown_then else account.outage.began
    return {
        "asked": True,
        "standing": words.standing(account),
        "hidden_failed": hidden,
        "told": process_words.consequences(account.told, effects),
        "counts": [(process_words.moment(at), number(_count(account, at))) for at in HOURS],
        "hidden_processes": effects.hidden,
        "first_breach": _first_breach(account),
        "contacts": contacts(account.told, effects, account.user, at)[:MOST_CONTACTS],
        "nobody": Status(_("nobody registered"), Tone.UNKNOWN),
        "explorer": "" if hidden else _explorer(account),
    }


def _first_breach(account: Account) -> str:
    late = [
        (effect.breach_after_hours, effect.node.name)
        for effect in account.effects.seen
        if effect.breach_after_hours is not None
    ]
    if not late:
        return _("no MTPD is known")
    first = min(hour for hour, _name in late)
    names = [name for hour, name in late if hour == first]
    return f"{process_words.several(names, 2)}, {after(first)}"


def _explorer(account: Account) -> str:
    query = [("failed", code) for code in account.failed]
    return f"{reverse('what-if')}?{urlencode([*query, ('start', moment(account.outage.began))])}"


# Predicted beside observed ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """One element in the comparison, in words."""

    name: str
    url: str
    seen: str
    until: str
    source: str
    predicted: str
    verdict: Status
    now: str


def comparison(outage: Outage, user: Any) -> Mapping[str, Any]:
    """What was predicted beside what was seen."""
    account = account_of(outage, user)
    rows = comparison_rows(account)
    known = [one for one in account.compared if account.sees(one)]
    return {
        "sentences": words.sentences(account),
        "standing": words.standing(account),
        "rows": rows[:MOST_ROWS],
        "left": max(len(rows) - MOST_ROWS, 0),
        "changed": account.changed,
        "hidden": len(account.compared) - len(known),
        **_addresses("outage-observations", outage, user),
    }


def comparison_rows(account: Account) -> list[Row]:
    """Every element that was seen or predicted and that the reader may know."""
    seen = {one.element.code: one for one in account.observations}
    return [
        _row(account, one, seen.get(code))
        for code, one in account.compared.items()
        if account.sees(code)
    ]


def _row(account: Account, one: Compared, observation: Observation | None) -> Row:
    node = account.node(one.element)
    assert node is not None
    return Row(
        node.name,
        reverse("register-record", args=["elements", node.pk]),
        "" if one.seen_hours is None else after(one.seen_hours),
        "" if observation is None or observation.up_again is None else moment(observation.up_again),
        "" if observation is None else observation.source,
        words.predicted(one),
        words.verdict(one),
        words.predicted(account.compared_now.get(one.element)) if account.changed else "",
    )


# Findings -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Item:
    """A finding with what can be done about it."""

    name: str
    url: str
    sentence: str
    state: Status
    told: str
    proposal: str
    before: str
    judge: str


def findings(outage: Outage, user: Any) -> Mapping[str, Any] | None:
    """What speaks against the model, and what was made of it; nothing where nothing was seen."""
    account = account_of(outage, user)
    if not account.seen:
        return None
    return finding_items(account)


def finding_items(account: Account) -> dict[str, Any]:
    """The findings that the reader may know, those that wait first, by hour."""
    waiting_first = sorted(account.findings, key=lambda found: not found.open)
    items = [_item(account, found) for found in waiting_first[:MOST_FINDINGS]]
    return {
        "items": items,
        "items_left": len(waiting_first) - len(items),
        "hidden_findings": len(account.all_findings) - len(waiting_first),
    }


def _item(account: Account, found: Found) -> Item:
    offered = account.proposals(found)[:1] if found.open else []
    proposed = [words.proposal(account, found, one) for one in offered]
    address = reverse("outage-finding", args=[account.outage.pk, found.node.pk])
    return Item(
        found.node.name,
        reverse("register-record", args=["elements", found.node.pk]),
        words.finding(found),
        words.state(found),
        _told(account, found.judgement),
        "".join(proposed),
        listed(account.missed_before(found)) if found.open else "",
        address if account.may_judge(found) else "",
    )


def _told(account: Account, judgement: Judgement | None) -> str:
    if judgement is None:
        return ""
    needs = judgement.needs
    return words.judged(judgement, "" if needs is None else account.name(needs.code))


def _addresses(register: str, outage: Outage, user: Any) -> dict[str, str]:
    """Where the records of this outage stand, and where one is added by who may."""
    declaration = registry.get(register)
    query = urlencode({"outage": outage.code})
    may_add = declaration.allows(user, ADD)
    return {
        "all": f"{declaration.list_url()}?{query}",
        "add": f"{declaration.add_url()}?{query}" if may_add else "",
    }

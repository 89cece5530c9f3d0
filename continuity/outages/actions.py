"""Judging a finding against the model; accepting one puts what was learned into the chain."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal
from itertools import chain, count
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from continuity.chain.models import Alternative, Element, Proof, Requirement
from continuity.outages.models import Answer, Finding, Judgement, Outage
from continuity.outages.queries import Account, Found
from continuity.outages.rules import AGAINST_THE_MODEL, Proposal
from organisation.people.models import Person
from registers import writing
from registers.access import ADD, CHANGE
from registers.writing import Revision

EXACT = Decimal("0.001")
"""Hours are kept to three decimals; a bridge is rounded down, so that it is never too long."""
MOST_HOURS = 999_999
"""As many as a field of hours holds."""


@transaction.atomic
def accept(outage: Outage, element: Element, key: str, reason: str, user: Any) -> Judgement:
    """Accept a finding with one of its proposals: the chain then has it down in time.

    ``key``: which proposal. A new requirement with its alternative, or the shorter bridge, has
    this outage as its proof. Raises ``PermissionDenied`` without the verbs *add* and *change* on
    the element, ``ValidationError`` for a finding or a proposal that is no longer there, and for
    a proposal with which the model would still be wrong.
    """
    account, found, revision = _opened(outage, element, reason, user)
    offered = {proposal.key: proposal for proposal in account.proposals(found)}
    if key not in offered:
        text = _("This proposal no longer holds: the chain changed. Look at it again.")
        raise ValidationError({"proposal": text})
    proposal = offered[key]
    bridge = _kept_hours(proposal.bridge_hours, ROUND_DOWN)
    needs = Element.objects.get(code=proposal.needs)
    if proposal.requirement:
        _shorten(element, proposal, bridge, revision)
    else:
        _add(element, needs, bridge, revision)
    _refuse_what_changes_nothing(Account(account.outage, user, account.at), element)
    return _keep(outage, found, Answer.ACCEPTED, reason, revision, needs=needs, bridge_hours=bridge)


@transaction.atomic
def reject(outage: Outage, element: Element, reason: str, user: Any) -> Judgement:
    """Reject a finding: the chain stays as it is, and the reason is kept. Raises as `accept`."""
    _account, found, revision = _opened(outage, element, reason, user)
    return _keep(outage, found, Answer.REJECTED, reason, revision, needs=None, bridge_hours=None)


def _opened(
    outage: Outage, element: Element, reason: str, user: Any
) -> tuple[Account, Found, Revision]:
    """The finding as it stands under lock, for somebody who may judge it and says why."""
    if not (element.can(user, CHANGE) and element.can(user, ADD)):
        raise PermissionDenied
    if not reason.strip():
        raise ValidationError({"reason": _("Say why; it stands in the history.")})
    # Two outages may teach one element the same at once: the second then sees that it is known.
    list(Element.objects.filter(pk=element.pk).select_for_update(no_key=True))
    locked = Outage.objects.select_for_update().get(pk=outage.pk)
    account = Account(locked, user, timezone.now())
    found = account.finding(element.code)
    if found is None or not account.may_judge(found):
        raise ValidationError(_("This finding was judged already, or the model has it now."))
    # Not of which outage: who may see the element need not know that. The judgement says it.
    told = _("After an outage: %(reason)s") % {"reason": reason.strip()}
    return account, found, Revision(user, told)


def _add(element: Element, needs: Element, bridge: Decimal, revision: Revision) -> None:
    requirement = Requirement(element_id=element.pk, label=_free_label(element, needs))
    _prove(requirement, bridge, revision)
    writing.create(requirement, revision)
    writing.create(Alternative(requirement=requirement, element=needs), revision)


def _shorten(element: Element, proposal: Proposal, bridge: Decimal, revision: Revision) -> None:
    requirement = Requirement.objects.get(element_id=element.pk, label=proposal.requirement)
    _prove(requirement, bridge, revision)
    writing.update(requirement, revision)


def _prove(requirement: Requirement, bridge: Decimal, revision: Revision) -> None:
    requirement.bridge_hours = bridge
    requirement.proof = Proof.OUTAGE
    requirement.confirmed_by = Person.objects.filter(user=revision.user).first()
    requirement.confirmed_on = timezone.localdate(revision.at)


def _refuse_what_changes_nothing(after: Account, element: Element) -> None:
    """Raise ``ValidationError`` where the model still has the element up: nothing was learned."""
    found = after.finding(element.code)
    if found is not None and not found.mended:
        text = _(
            "With this the model would still not have it down: one of the two is not in service."
            " Mend its status first, or reject the finding."
        )
        raise ValidationError({"proposal": text})


def _free_label(element: Element, needs: Element) -> str:
    """The code of what it needs, as imports name a requirement; one that tells nothing if taken.

    Only a label that is the very code is withheld from who may not know what it needs.
    """
    taken = set(Requirement.objects.filter(element_id=element.pk).values_list("label", flat=True))
    numbered = (_("after an outage (%(number)s)") % {"number": n} for n in count(1))
    return next(label for label in chain((needs.code,), numbered) if label not in taken)


def _keep(
    outage: Outage, found: Found, answer: Answer, reason: str, revision: Revision, **learned: Any
) -> Judgement:
    """Write down the judgement; an earlier rejection becomes this one, with its history."""
    one = found.then if found.then.verdict in AGAINST_THE_MODEL else found.now
    predicted = one.predicted_hours
    given = {
        "finding": Finding(one.verdict),
        "answer": answer,
        "reason": reason.strip(),
        "seen_after_hours": _kept_hours(one.seen_hours or 0.0),
        "predicted_after_hours": None if predicted is None else _kept_hours(predicted),
        **learned,
    }
    before = found.judgement
    if before is None:
        return writing.create(Judgement(outage=outage, element_id=found.node.pk, **given), revision)
    for name, value in given.items():
        setattr(before, name, value)
    return writing.update(before, revision)


def _kept_hours(hours: float, rounding: str = ROUND_HALF_EVEN) -> Decimal:
    """As they are kept. Raises ``ValidationError`` where they are more than can be kept."""
    if hours >= MOST_HOURS:
        text = _("This lies more than a century after the beginning. Correct the moments first.")
        raise ValidationError(text)
    return Decimal(str(hours)).quantize(EXACT, rounding)

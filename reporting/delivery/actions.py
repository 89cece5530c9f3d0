"""Sending a report: a row per recipient, each sent once by us, and nothing lost."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from registers.access import scope_of
from registers.models import RegisterQuerySet
from registers.nudging import nudge
from reporting.delivery import rules
from reporting.delivery.models import Delivery, DeliveryState, Recipient
from reporting.delivery.rules import Fate
from reporting.reports.document import title_of
from reporting.reports.facts import say
from reporting.reports.models import Report, ReportState

logger = logging.getLogger(__name__)

SEND = "reporting.delivery.tasks.send"


def follow(report: Report) -> None:
    """Plan the mails of a finished report that asked for it; in the same transaction."""
    if report.send:
        plan(report)


def plan(report: Report) -> int:
    """A waiting row for each address on the lists of this report's unit and language.

    An address that stands on two lists gets one mail. Returns how many rows were made.
    """
    recipients = Recipient.objects.filter(
        list__active=True, list__unit=report.unit, list__language=report.language
    ).order_by("pk")
    made = 0
    for recipient in recipients:
        delivery, new = Delivery.objects.get_or_create(
            report=report,
            email=recipient.email.lower(),
            defaults={
                "name": recipient.name,
                "message_id": f"<{report.key}.{recipient.pk}@{settings.MAIL_DOMAIN}>",
            },
        )
        if new:
            made += 1
            nudge(SEND, delivery.key)
    return made


def due(now: datetime) -> RegisterQuerySet:
    """Deliveries to take up: waiting and their time has come, or claimed by a worker that died.

    A worker that died after handing over leaves a row that is not taken up: see :func:`abandoned`.
    """
    waiting = Q(state=DeliveryState.WAITING) & (
        Q(next_attempt_at__isnull=True) | Q(next_attempt_at__lte=now)
    )
    dropped = Q(state=DeliveryState.SENDING, handed_at=None, claimed_at__lt=now - rules.LEASE)
    found: RegisterQuerySet = Delivery.objects.filter(waiting | dropped)
    return found


def abandoned(now: datetime) -> RegisterQuerySet:
    """Deliveries whose worker died after it began to hand over: they may have arrived."""
    found: RegisterQuerySet = Delivery.objects.filter(
        state=DeliveryState.SENDING, handed_at__isnull=False, claimed_at__lt=now - rules.LEASE
    )
    return found


class HoldLost(Exception):
    """Another worker took this delivery over before it was handed to the mail server."""


@dataclass(frozen=True)
class Hold:
    """A worker's hold on a delivery."""

    delivery: Delivery
    since: datetime

    def hand_over(self) -> None:
        """Say that from now on it may have arrived; raises :class:`HoldLost` if it isn't ours."""
        if not self.settle(DeliveryState.SENDING, handed_at=timezone.now()):
            raise HoldLost

    def accepted(self) -> None:
        """Write that the server took it, also where it was thought abandoned meanwhile.

        Whoever was about to send it again, by themselves or because a person said so, then
        finds that there is nothing left to send.
        """
        ours = Delivery.objects.filter(pk=self.delivery.pk, claimed_at=self.since)
        ours.update(state=DeliveryState.SENT, sent_at=timezone.now(), error="")

    def settle(self, state: DeliveryState, **values: Any) -> bool:
        """Write what came of it if the delivery is still ours."""
        held = Delivery.objects.filter(
            pk=self.delivery.pk, claimed_at=self.since, state=DeliveryState.SENDING
        )
        return bool(held.update(state=state, **values))


def send(key: str) -> bool:
    """Send one mail; ``False`` when there was nothing to do for this worker, or it failed."""
    hold = _claim(key)
    if hold is None:
        return False
    handed_over = False
    try:
        message = _message(hold.delivery)
        with get_connection() as connection:
            if not getattr(connection, "idempotent", False):
                hold.hand_over()
                handed_over = True
            connection.send_messages([message])
    except HoldLost:
        logger.warning("delivery %s was taken over by another worker", key)
        return False
    except Exception as fault:  # noqa: BLE001  (any fault is told to whoever waits for it)
        _failed(hold, fault, handed_over=handed_over)
        return False
    hold.accepted()
    return True


def settle_abandoned(now: datetime) -> int:
    """Say of deliveries that may have arrived that nobody knows; a person decides."""
    return abandoned(now).update(
        state=DeliveryState.UNCLEAR,
        error=_("The worker stopped while the mail server was answering."),
    )


@transaction.atomic
def send_again(delivery: Delivery, user: Any) -> None:
    """Let a person decide that a mail that failed, or may have arrived, is sent again."""
    if not scope_of(user, "send").holds(delivery.report.unit_id):
        raise PermissionDenied
    stopped = Delivery.objects.filter(
        pk=delivery.pk, state__in=(DeliveryState.FAILED, DeliveryState.UNCLEAR)
    )
    if stopped.update(
        state=DeliveryState.WAITING, attempts=0, next_attempt_at=None, handed_at=None, error=""
    ):
        nudge(SEND, delivery.key)


def _claim(key: str) -> Hold | None:
    now = timezone.now()
    taken = (
        due(now)
        .filter(key=key)
        .update(state=DeliveryState.SENDING, claimed_at=now, attempts=F("attempts") + 1)
    )
    if not taken:
        return None
    return Hold(Delivery.objects.select_related("report__unit").get(key=key), now)


def _failed(hold: Hold, fault: Exception, *, handed_over: bool) -> None:
    reason = f"{type(fault).__name__}: {fault}"[:2000]
    logger.warning("delivery %s: %s", hold.delivery.key, reason)
    decided = rules.fate(fault, handed_over=handed_over)
    pause = rules.wait(hold.delivery.attempts)
    if decided is Fate.UNCLEAR:
        hold.settle(DeliveryState.UNCLEAR, error=reason)
    elif decided is Fate.NEVER or pause is None:
        hold.settle(DeliveryState.FAILED, error=reason)
    else:
        again = timezone.now() + pause
        hold.settle(DeliveryState.WAITING, error=reason, next_attempt_at=again, handed_at=None)


def _message(delivery: Delivery) -> EmailMessage:
    report = delivery.report
    if report.state != ReportState.DONE or report.facts is None:
        raise ValueError(_("The report is not finished."))
    with translation.override(report.language):
        title = title_of(report.facts, report.language)
        body = "\n\n".join(
            [
                _("The health report is attached. The sentence that matters:"),
                say(report.facts["headline"], report.language),
                _("The same on the screen: %s") % f"{settings.SITE_URL}/reports/{report.key}",
            ]
        )
    message = EmailMessage(
        subject=" ".join(title.split()),
        body=body,
        to=[delivery.email],
        headers={"Message-ID": delivery.message_id, "Auto-Submitted": "auto-generated"},
    )
    with report.pdf.open("rb") as pdf:
        name = f"regie-{report.period}-{report.language}.pdf"
        message.attach(name, pdf.read(), "application/pdf")
    return message

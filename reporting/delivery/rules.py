"""When a mail that failed is tried again, and when a person must look."""

from __future__ import annotations

import smtplib
from datetime import timedelta
from enum import StrEnum

ATTEMPTS = 6
LEASE = timedelta(minutes=5)
WAITS = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240))


class Fate(StrEnum):
    """What follows from a failure."""

    AGAIN = "again"
    NEVER = "never"
    UNCLEAR = "unclear"


def fate(fault: Exception, *, handed_over: bool) -> Fate:
    """What to do after ``fault``; RFC 5321 4.2.1: 4yz is passing, 5yz is for good.

    Once the message was handed over and the server fell silent it may have accepted it: sending
    again could deliver twice, not sending could deliver never. That is for a person to decide.
    """
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _text in fault.recipients.values()]
        return Fate.NEVER if codes and all(code >= 500 for code in codes) else Fate.AGAIN
    if isinstance(fault, smtplib.SMTPResponseException) and fault.smtp_code >= 400:
        return Fate.NEVER if fault.smtp_code >= 500 else Fate.AGAIN
    if handed_over and isinstance(fault, OSError):  # those of smtplib are among them
        return Fate.UNCLEAR
    return Fate.AGAIN


def wait(attempts: int) -> timedelta | None:
    """How long until the next attempt after so many; ``None`` when it has been enough."""
    if attempts >= ATTEMPTS:
        return None
    return WAITS[min(attempts, len(WAITS)) - 1] if attempts else timedelta(0)

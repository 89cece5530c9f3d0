"""Letting somebody in: a link by which the owner of an account sets its password."""

from __future__ import annotations

import logging
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from organisation.people.models import User
from registers import writing
from registers.writing import Revision

logger = logging.getLogger(__name__)


def send_password_link(account: User, by: Any) -> None:
    """Mail the owner of an account a link to set a password; the history says who sent it.

    The link works once, for three days, and until the password or the last log-in changes.
    Raises ``PermissionDenied``, and ``ValidationError`` where the mail cannot be sent: then
    nothing is recorded.
    """
    if not account.can(by, "administer"):
        raise PermissionDenied
    if not account.is_active or not account.email:
        raise ValidationError(_("Only an active account with an e-mail address gets a link."))
    with translation.override(account.language):
        mail = EmailMessage(_("Your account in Regie"), _letter(account), to=[account.email])
    try:
        mail.send()
    except (OSError, SMTPException) as broken:
        logger.exception("the link for %s could not be mailed", account.username)
        raise ValidationError(
            _("The mail server did not take the message. Nothing was changed; try again later.")
        ) from broken
    revision = Revision(by, "")
    account.link_sent_at = revision.at
    writing.update(account, revision)


def password_link(account: User) -> str:
    """Where the owner of an account sets its password; whoever has the link may do so."""
    key = urlsafe_base64_encode(force_bytes(account.pk))
    token = default_token_generator.make_token(account)
    return settings.SITE_URL + reverse("password-set", args=[key, token])


def _letter(account: User) -> str:
    return _(
        "Hello %(name)s,\n\n"
        "There is an account for you in Regie. You log in as: %(username)s\n\n"
        "Set your password here:\n%(link)s\n\n"
        "The link works once, and for three days. After that an administrator sends you another.\n"
    ) % {
        "name": account.get_full_name() or account.username,
        "username": account.username,
        "link": password_link(account),
    }

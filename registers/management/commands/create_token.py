"""A token for the REST interface, shown once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from registers.api.models import ApiToken
from registers.commands import Refused, RegieCommand


@dataclass(frozen=True, slots=True)
class NewToken:
    """What is shown once."""

    username: str
    token: str


class Command(RegieCommand):
    """Make a token for an account; it may do what the account may do."""

    help = "Make a REST token for an account; it is shown once."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("username", help="The account that the token acts for.")
        parser.add_argument("--note", default="", help="What the token is for.")

    def answer(self, **options: Any) -> NewToken:
        """The account's name and the token; refuses an account that is not there or not active."""
        username = options["username"]
        user = get_user_model()._default_manager.filter(username=username, is_active=True).first()
        if user is None:
            raise Refused(_("There is no active account %(name)s.") % {"name": username})
        _token, secret = ApiToken.issue(user, options["note"][:200])
        return NewToken(username, secret)

    def tell(self, result: NewToken) -> Sequence[str]:
        """The token, and how to use it."""
        return [
            result.token,
            _("Send it as: Authorization: Bearer %(token)s") % {"token": result.token},
            _("It is not kept and cannot be shown again."),
        ]

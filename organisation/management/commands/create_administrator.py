"""The first account of an installation: from an empty database to somebody who may do the rest."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from organisation.people.models import User
from organisation.profile.models import Profile
from organisation.roles.models import Assignment, Role
from organisation.units.models import Unit, UnitKind
from registers import writing
from registers.commands import Refused, RegieCommand, system_revision
from registers.writing import Revision

VARIABLE = "REGIE_PASSWORD"
FIRST_UNIT = "ORG"


@dataclass(frozen=True, slots=True)
class Made:
    """What there is now."""

    username: str
    role: str
    unit: str
    unit_made: bool


class Command(RegieCommand):
    """Make an administrator; on an empty database the top unit as well."""

    help = (
        "Make an account with the role of administrator, and the top unit where there is none."
        f" The password is asked for, or read from {VARIABLE} or standard input."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("username", help="The name to log in with.")
        parser.add_argument("--email", required=True, help="Where mail for this account goes.")
        parser.add_argument("--first-name", default="")
        parser.add_argument("--last-name", default="")
        parser.add_argument(
            "--unit", default="", help="Code of the unit to administer; by default the top one."
        )
        parser.add_argument(
            "--unit-name", default="", help="Name of the organisation, where it is made as well."
        )
        parser.add_argument(
            "--password-stdin", action="store_true", help="Read the password from standard input."
        )

    def answer(self, **options: Any) -> Made:
        """Make what is missing; refuses an account that is there, and a unit that is not."""
        account = User(
            username=options["username"].strip(),
            email=options["email"].strip(),
            first_name=options["first_name"],
            last_name=options["last_name"],
        )
        if User.objects.filter(username=account.username).exists():
            raise Refused(
                _(
                    "There is an account %(name)s already. An administrator gives it a role on its"
                    " page; `changepassword %(name)s` sets another password."
                )
                % {"name": account.username}
            )
        unit = _unit(options["unit"].strip(), options["unit_name"].strip())
        _refuse_faults(account, unit)
        account.set_password(_password(account, from_stdin=options["password_stdin"]))
        return _make(account, unit, system_revision("create_administrator"))

    def tell(self, result: Made) -> Sequence[str]:
        """What was made, and what to do next."""
        made = [_("The unit %(unit)s is made.") % {"unit": result.unit}] if result.unit_made else []
        return [
            *made,
            _("%(name)s is administrator of %(unit)s.")
            % {"name": result.username, "unit": result.unit},
            _("Next: log in, and add units, people, accounts and roles; see docs/operating.md."),
        ]


@transaction.atomic
def _make(account: User, unit: Unit, revision: Revision) -> Made:
    new = unit.pk is None
    if new:
        writing.create(unit, revision)
        if not Profile.objects.exists():
            writing.create(Profile(name=unit.name), revision)
    writing.create(account, revision)
    writing.create(Assignment(user=account, unit=unit, role=Role.ADMINISTRATOR), revision)
    return Made(account.username, Role.ADMINISTRATOR.value, unit.code, new)


def _unit(code: str, name: str) -> Unit:
    """The unit that is meant: the one with this code, else the only top unit, else a new one."""
    if not Unit.objects.exists():
        if not name:
            raise Refused(
                _("There are no units yet. Give the organisation's name with --unit-name.")
            )
        return Unit(code=code or FIRST_UNIT, name=name, kind=UnitKind.ORGANISATION)
    if name:
        raise Refused(
            _("There are units already: leave --unit-name out, and choose one with --unit.")
        )
    found = list(Unit.objects.filter(code=code) if code else Unit.objects.roots())
    if len(found) == 1:
        only: Unit = found[0]
        return only
    tops = ", ".join(Unit.objects.roots().order_by("code").values_list("code", flat=True))
    if code:
        raise Refused(
            _("There is no unit %(code)s. At the top: %(tops)s.") % {"code": code, "tops": tops}
        )
    raise Refused(_("There are several units at the top: choose with --unit: %s.") % tops)


def _refuse_faults(account: User, unit: Unit) -> None:
    faults: list[str] = []
    for record in (account, unit):
        try:
            record.full_clean()
        except ValidationError as wrong:
            faults += [f"{name}: {' '.join(found)}" for name, found in wrong.message_dict.items()]
    if faults:
        raise Refused(faults)


def _password(account: User, *, from_stdin: bool) -> str:
    """The password, from where nobody else reads it: never an argument, which `ps` would show."""
    if from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    elif VARIABLE in os.environ:
        password = os.environ[VARIABLE]
    elif sys.stdin.isatty():
        password = getpass.getpass(_("Password: "))
        if getpass.getpass(_("Password, once more: ")) != password:
            raise Refused(_("The two passwords are not the same."))
    else:
        raise Refused(
            _("There is nobody to ask for a password: set %s, or use --password-stdin.") % VARIABLE
        )
    try:
        validate_password(password, account)
    except ValidationError as weak:
        raise Refused(weak.messages) from weak
    return password

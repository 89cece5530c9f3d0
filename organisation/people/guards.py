"""What must stay true of accounts, whoever writes them and how."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.utils.translation import gettext as _

from organisation.people.models import User
from registers import registry
from registers.guards import Refusal
from registers.history import past_of
from registers.writing import Revision


@contextmanager
def used_accounts_stay(records: Sequence[User], kind: str, revision: Revision) -> Iterator[None]:
    """Without its account, history could no longer say who made a change."""
    for account in records if kind == "-" else ():
        if was_used(account):
            raise Refusal(
                _("This account was used, and history names it. Make it inactive instead."), account
            )
    yield


def was_used(account: User) -> bool:
    """Whether somebody ever logged in with it, by page or program, or changed anything."""
    if account.last_login or account.api_tokens.exclude(used_at=None).exists():
        return True
    return any(
        past_of(declaration).objects.filter(history_user=account.pk).exists()
        for declaration in registry.all_registers()
    )

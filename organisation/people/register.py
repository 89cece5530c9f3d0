from typing import Any

from django.utils.translation import gettext_lazy as _

from organisation.people.guards import used_accounts_stay
from organisation.people.models import Person, User
from registers.declaration import (
    Column,
    Filter,
    Register,
    Related,
    Relation,
    Section,
    TransferField,
    Verb,
)
from registers.guards import guard
from registers.navigation import SETTINGS
from registers.registry import register


@register
class People(Register):
    name = "people"
    model = Person
    group = _("Organisation")
    order = 91
    search = ("code", "name", "function")
    ordering = ("name",)
    columns = (
        Column(path="name", link=True, priority=1),
        Column(path="code", priority=3),
        Column(path="function", priority=2),
        Relation(path="unit", sort="unit__name", priority=2),
    )
    filters = (Filter(name="unit", kind="lookup"),)
    sections = (
        Section(_("Person"), ("code", "name", "unit", "function")),
        Section(_("How to reach"), ("email", "telephone")),
        Section(
            _("Account"), ("user",), _("With which account this person logs in; empty without one.")
        ),
    )
    personal = {"email": "contact", "telephone": "contact", "user": "administer"}


@register
class Users(Register):
    name = "users"
    model = User
    group = SETTINGS
    menu_verb = "inspect"
    order = 110
    key = ("username",)
    search = ("username", "first_name", "last_name")
    ordering = ("username",)
    columns = (
        Column(path="username", link=True, priority=1),
        Column(path="first_name", priority=2),
        Column(path="last_name", priority=2),
        Column(path="is_active", priority=2),
    )
    filters = (Filter(name="active", path="is_active", kind="yes_no"),)
    sections = (
        Section(
            _("Account"),
            ("username", "first_name", "last_name", "email"),
            _("Passwords are set by their owners, through a link that is sent to this address."),
        ),
        Section(
            _("Access"),
            ("is_active",),
            _(
                "What is not active opens nothing from that moment: no log-in, no open page,"
                " no token."
            ),
        ),
        Section(_("Password"), ("link_sent_at",), read_only=True),
    )
    transfer = (
        TransferField(name="username", required=True),
        TransferField(name="first_name"),
        TransferField(name="last_name"),
        TransferField(name="email"),
        TransferField(name="active", path="is_active"),
    )
    panels = (Related(title=_("Person"), register="people", path="user"),)
    actions = (
        Verb(
            label=_("Send a link to set a password"),
            url_name="account-link",
            verb="administer",
            shown=lambda account: account.is_active and bool(account.email),
        ),
    )
    personal = {"email": "contact"}
    verbs = dict.fromkeys(("add", "change", "delete", "import"), "administer")

    @classmethod
    def label_of(cls, record: Any, user: Any) -> str:
        name = record.get_full_name()
        return f"{record.username} · {name}" if name else str(record.username)


guard(used_accounts_stay, User)

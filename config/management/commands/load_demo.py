"""``manage.py load_demo``: the demonstration organisation; twice gives the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from config.demo import loading
from config.demo.registers import ACCOUNTS, PASSWORD
from registers.commands import Refused, RegieCommand


class Command(RegieCommand):
    help = "Load the demonstration organisation into an empty database."

    def answer(self, **options: Any) -> dict[str, Any]:
        try:
            loaded = loading.load(timezone.localdate())
        except loading.Occupied as occupied:
            raise Refused(
                _("There is an organisation here already; the demonstration needs an empty one.")
            ) from occupied
        return {"loaded": loaded, "accounts": sorted(ACCOUNTS), "password": PASSWORD}

    def tell(self, result: Any) -> Sequence[str]:
        first = (
            _("The demonstration is loaded.") if result["loaded"] else _("It was loaded before.")
        )
        accounts = ", ".join(result["accounts"])
        return [first, _("Log in as one of: %s") % accounts, _("Password: %s") % result["password"]]

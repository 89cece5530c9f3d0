"""Files of dependencies as other people make them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from registers.transfer.profiles import Profile, register

register(
    Profile(
        name="govuk",
        register="dependencies",
        label=_("GOV.UK: dependent and dependency"),
        columns={"dependent": "element", "dependency": "alternative"},
    )
)

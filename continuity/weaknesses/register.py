"""The weaknesses' place in the menu."""

from django.utils.translation import gettext_lazy as _

from continuity.processes.register import GROUP
from registers import navigation
from registers.access import VIEW, scope_of

navigation.add(
    navigation.Entry(
        label=_("Weak points"),
        url_name="weaknesses-single",
        order=26,
        group=GROUP,
        allowed=lambda user: bool(scope_of(user, VIEW)),
    )
)

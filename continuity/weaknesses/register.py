"""The weaknesses' place in the menu and on the page of a process."""

from django.utils.translation import gettext_lazy as _

from continuity.processes.register import GROUP
from continuity.weaknesses import panels
from registers import navigation
from registers.access import VIEW, scope_of
from registers.declaration import Panel
from registers.registry import contribute

navigation.add(
    navigation.Entry(
        label=_("Weak points"),
        url_name="weaknesses-single",
        order=26,
        group=GROUP,
        allowed=lambda user: bool(scope_of(user, VIEW)),
    )
)
contribute(
    "processes",
    Panel(
        title=_("Weak points"),
        template="weaknesses/panel.html",
        context=panels.weaknesses,
        order=25,
    ),
)

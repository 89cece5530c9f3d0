"""The explorer's place in the menu and in the API."""

from django.utils.translation import gettext_lazy as _

from continuity.explorer.api import WhatIfs
from continuity.processes.register import GROUP
from registers import navigation
from registers.api import contributions

navigation.add(navigation.Entry(label=_("What if"), url_name="what-if", order=25, group=GROUP))
contributions.add(
    contributions.ApiPath(route="what-ifs", view=WhatIfs.as_view(), name="api-what-ifs")
)

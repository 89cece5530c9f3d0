"""Reports in the menu, and their part in whether Regie is ready."""

from django.utils.translation import gettext_lazy as _

from registers import checks, navigation
from registers.access import scope_of
from registers.api import contributions
from registers.api.contributions import ApiPath
from reporting.reports import api
from reporting.reports.readiness import can_draw

navigation.add(
    navigation.Entry(
        label=_("Reports"),
        url_name="reports",
        order=6,
        group=_("Overview"),
        allowed=lambda user: bool(scope_of(user, "view")),
    )
)

checks.add("renderer", can_draw)

contributions.add(ApiPath(route="reports", view=api.Reports.as_view(), name="api-reports"))
contributions.add(
    ApiPath(route="reports/<uuid:key>", view=api.ReportProgress.as_view(), name="api-report")
)
contributions.add(
    ApiPath(
        route="reports/<uuid:key>/facts", view=api.ReportFacts.as_view(), name="api-report-facts"
    )
)

"""The review in the menu."""

from django.utils.translation import gettext_lazy as _

from registers import navigation
from registers.access import scope_of
from reporting.reports.actions import frozen_by
from reporting.reviews.queries import facts_of

navigation.add(
    navigation.Entry(
        label=_("Review"),
        url_name="review",
        order=5,
        group=_("Overview"),
        allowed=lambda user: bool(scope_of(user, "view")),
    )
)

frozen_by(facts_of)

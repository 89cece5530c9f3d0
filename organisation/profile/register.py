from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from organisation.profile.models import Profile
from registers.access import scope_of
from registers.declaration import Register, Section
from registers.models import RegisterModel
from registers.navigation import SETTINGS, Entry, add


class Settings(Register):
    """One record, so no list and no files: its page is organisation/profile/pages.py."""

    name = "settings"
    model = Profile
    sections = (
        Section(
            _("Organisation"),
            ("name", "period_kind"),
            _("They stand in every report from the next one on."),
        ),
        Section(
            _("How far to look ahead"),
            ("support_window_months", "outage_horizon_hours", "review_warning_days"),
            _("Figures of an earlier period keep what was set then."),
        ),
    )
    verbs = dict.fromkeys(("add", "change"), "administer")

    @classmethod
    def list_url(cls) -> str:
        return reverse("settings")

    @classmethod
    def url_of(cls, record: RegisterModel) -> str:
        return reverse("settings")


add(
    Entry(
        label=Profile._meta.verbose_name,
        url_name="settings",
        group=SETTINGS,
        order=109,
        allowed=lambda user: bool(scope_of(user, "inspect")),
    )
)

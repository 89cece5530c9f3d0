"""Addresses of the pages that a declaration can't give."""

from django.urls import path

from governance.decisions import pages as decisions
from governance.risks import pages as risks

urlpatterns = [
    path("decisions/<int:pk>/take", decisions.take, name="decision-take"),
    path("decisions/<int:pk>/withdraw", decisions.withdraw, name="decision-withdraw"),
    path("actions/<int:pk>/finish", decisions.finish, name="action-finish"),
    path("risks/<int:pk>/accept", risks.accept, name="risk-accept"),
    path("risks/<int:pk>/end-acceptance", risks.end_acceptance, name="risk-end-acceptance"),
]

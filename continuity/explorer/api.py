"""What happens if this fails, for machines."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from continuity.chain.queries import consequences
from continuity.chain.rules import ChainError, UnknownElements
from continuity.explorer.answers import what_if
from registers.access import VIEW, scope_of
from registers.api.problems import QUERY, Invalid, fault
from registers.commands import to_json

DEFAULT_HORIZON = 72.0


class WhatIfs(APIView):
    """The consequences of a failure."""

    @extend_schema(
        operation_id="what-ifs_list",
        summary=gettext_lazy("What goes down, when and why, if these elements fail together"),
        description=gettext_lazy("What you may not see is counted, not named."),
        parameters=[
            OpenApiParameter(
                "failed",
                str,
                required=True,
                many=True,
                description=gettext_lazy("Codes of elements; several fail together."),
            ),
            OpenApiParameter(
                "horizon", float, description=gettext_lazy("Hours to look ahead; 72 unless set.")
            ),
        ],
        responses={200: {"type": "object"}},
    )
    def get(self, request: Request) -> Response:
        """``?failed=CODE&failed=CODE&horizon=72``; what the account may not see is counted."""
        if not scope_of(request.user, VIEW):
            raise PermissionDenied
        codes = [code.strip() for code in request.query_params.getlist("failed") if code.strip()]
        if not codes:
            raise Invalid([fault(_("Name at least one element."), "required", "failed", QUERY)])
        horizon = _horizon(request.query_params.get("horizon", ""))
        try:
            failure = consequences(codes, request.user, horizon)
        except UnknownElements as unknown:
            told = _("There is no element %(code)s that you may see.")
            raise Invalid(
                [fault(told % {"code": c}, "unknown", "failed", QUERY) for c in unknown.codes]
            ) from unknown
        except ChainError as refused:
            raise Invalid([fault(str(refused), "invalid", "horizon", QUERY)]) from refused
        return Response(to_json(what_if(failure)))


def _horizon(text: str) -> float:
    try:
        return float(text) if text else DEFAULT_HORIZON
    except ValueError:
        told = _("Give the horizon as a number of hours.")
        raise Invalid([fault(told, "invalid", "horizon", QUERY)]) from None

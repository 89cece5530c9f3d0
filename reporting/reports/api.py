"""Reports for programs: ask for one, follow it, fetch its facts."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from organisation.units.models import Unit
from registers.access import scope_of
from registers.api.problems import Invalid, fault
from reporting.metrics.periods import Period, UnknownPeriod
from reporting.reports import actions
from reporting.reports.models import Report, ReportState
from reporting.reports.states import PERCENT


class OrderSerializer(serializers.Serializer[Any]):
    """What is asked."""

    period = serializers.CharField(max_length=8)
    unit = serializers.CharField(required=False, allow_null=True)
    language = serializers.ChoiceField(settings.LANGUAGES, default=settings.LANGUAGE_CODE)
    send = serializers.BooleanField(default=False)
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class ReportSerializer(serializers.Serializer[Any]):
    """How a report stands; ``reason`` says why a later version is there, ``pdf`` is where it can be
    fetched once it is done.
    """

    key = serializers.UUIDField()
    period = serializers.CharField()
    unit = serializers.CharField(source="unit.code", default=None, allow_null=True)
    language = serializers.CharField()
    version = serializers.IntegerField(source="number")
    reason = serializers.CharField()
    state = serializers.ChoiceField(ReportState.choices)
    percent = serializers.SerializerMethodField()
    error = serializers.CharField()
    factsSha256 = serializers.CharField(source="facts_sha256")  # noqa: N815  (a name of the API)
    pdfSha256 = serializers.CharField(source="pdf_sha256")  # noqa: N815  (a name of the API)
    pdf = serializers.SerializerMethodField()

    def get_percent(self, report: Report) -> int:
        """How far it is, 0 to 100."""
        return PERCENT[ReportState(report.state)]

    def get_pdf(self, report: Report) -> str | None:
        """The address of the PDF; nothing until it is done."""
        if report.state != ReportState.DONE:
            return None
        return reverse("report-pdf", args=[report.key], request=self.context["request"])


class Reports(APIView):
    """Ask for a report."""

    @extend_schema(
        operation_id="reports_create",
        summary=gettext_lazy("Queue a report; the worker makes it"),
        description=gettext_lazy("Answers with the place where its progress can be followed."),
        request=OrderSerializer,
        responses={202: ReportSerializer},
    )
    def post(self, request: Request) -> Response:
        """202 with the place to follow it; 400 for what does not exist; 403 without the verb."""
        if not scope_of(request.user, "report"):
            raise PermissionDenied
        asked = OrderSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        order = actions.Order(
            period=_period(given["period"]),
            unit=_unit(given.get("unit"), request.user),
            language=given["language"],
            send=given["send"],
            reason=given["reason"],
            otherwise=gettext_lazy("A program asked for it again."),
        )
        report = actions.ask(order, request.user)
        shown = ReportSerializer(report, context={"request": request}).data
        response = Response(shown, status=HTTPStatus.ACCEPTED)
        response.headers["Location"] = reverse("api-report", args=[report.key], request=request)
        return response


class ReportProgress(APIView):
    """Follow a report."""

    @extend_schema(
        operation_id="reports_retrieve",
        summary=gettext_lazy("How a report stands"),
        description=gettext_lazy("Its state, and where the PDF is once it is done."),
        responses={200: ReportSerializer},
    )
    def get(self, request: Request, key: UUID) -> Response:
        """Its state, and where the PDF is once it is done; 404 where hidden."""
        return Response(ReportSerializer(_found(request, key), context={"request": request}).data)


class ReportFacts(APIView):
    """The frozen facts of a report."""

    @extend_schema(
        operation_id="reports_facts_retrieve",
        summary=gettext_lazy("Everything that a report says, as it was frozen"),
        description=gettext_lazy("404 as long as the facts are not collected."),
        responses={200: {"type": "object"}},
    )
    def get(self, request: Request, key: UUID) -> Response:
        """The facts; 404 where hidden or not collected yet."""
        facts = _found(request, key).facts
        if facts is None:
            raise Http404
        return Response(facts)


def _found(request: Request, key: UUID) -> Report:
    if not scope_of(request.user, "view"):
        raise PermissionDenied
    report: Report | None = (
        Report.objects.for_user(request.user).select_related("unit").filter(key=key).first()
    )
    if report is None:
        raise Http404
    return report


def _period(code: str) -> Period:
    try:
        return Period.parse(code)
    except UnknownPeriod as unknown:
        raise Invalid([fault(str(unknown), "unknown_period", "period")]) from unknown


def _unit(code: str | None, user: Any) -> Unit | None:
    if not code:
        return None
    found: Unit | None = Unit.objects.for_user(user).filter(code=code).first()
    if found is None:
        problem = _("There is no unit %(code)s.") % {"code": code}
        raise Invalid([fault(problem, "unknown_unit", "unit")])
    return found

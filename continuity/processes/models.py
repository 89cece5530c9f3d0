"""Processes and their stop, client and chain test (S0; ISO 22301 8.2.2)."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from continuity.chain.models import Element, Kind, hours_field
from registers.models import RegisterModel


class Criticality(models.TextChoices):
    """In rising order; empty is unknown, which is not standard."""

    STANDARD = "standard", _("Standard")
    IMPORTANT = "important", _("Important")
    CRITICAL = "critical", _("Critical")
    CONTROL_ROOM = "control_room", _("Control-room grade")


class ServiceProfile(models.TextChoices):
    STANDARD = "standard", _("Standard")
    CONTROL_ROOM = "control_room", _("Control-room logic")


OUTCOME = ("criticality", "mtpd_hours", "tolerable_until_hours", "rto_hours", "rpo_hours")
"""What an approved test settles. Without one it may be imported, and counts as untested."""


class Process(Element):
    """An element that clients meet: what the organisation does and may not stop doing.

    Criticality, MTPD, RTO and RPO come from the approved test; ``criticality_reason`` and
    ``classified_on`` keep why and since when.
    """

    clients = models.TextField(_("clients"), blank=True)
    service_hours = models.CharField(_("service hours"), max_length=200, blank=True)
    peak_periods = models.CharField(_("peak periods"), max_length=250, blank=True)
    service_profile = models.CharField(
        _("service profile"),
        max_length=20,
        choices=ServiceProfile.choices,
        default=ServiceProfile.STANDARD,
    )
    availability = models.CharField(
        _("availability"),
        max_length=200,
        blank=True,
        help_text=_("What is asked of the service being up."),
    )
    reachability = models.CharField(
        _("reachability"),
        max_length=200,
        blank=True,
        help_text=_("What is asked of clients being able to reach it."),
    )
    formally_vital = models.BooleanField(_("formally vital"), default=False)
    precondition_for_vital = models.BooleanField(
        _("precondition for a vital process"), default=False
    )
    classification = models.CharField(
        _("classification (BIV, optionally BBN)"), max_length=60, blank=True
    )
    criticality = models.CharField(
        _("criticality"), max_length=20, choices=Criticality.choices, blank=True
    )
    criticality_reason = models.TextField(_("reason for the criticality"), blank=True)
    classified_on = models.DateField(_("classified on"), null=True, blank=True)
    mtpd_hours = hours_field(_("MTPD (hours)"), null=True, blank=True)
    tolerable_until_hours = models.PositiveSmallIntegerField(
        _("known to be tolerable until (hours)"),
        null=True,
        blank=True,
        help_text=_("168 without an MTPD: a stop of a week is tolerable."),
    )
    rto_hours = hours_field(_("RTO (hours)"), null=True, blank=True)
    rpo_hours = hours_field(_("RPO (hours)"), null=True, blank=True)
    minimum_level = models.CharField(_("minimum level of service"), max_length=250, blank=True)
    test_review_on = models.DateField(_("test to be reviewed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("process")
        verbose_name_plural = _("processes")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.__dict__.get("kind") == "":
            self.kind = Kind.PROCESS

    @classmethod
    def from_db(cls, *args: Any, **options: Any) -> Self:
        """Remember the outcome as it was read, so that a change of it is seen."""
        record: Self = super().from_db(*args, **options)
        record.__dict__["_outcome_read"] = {n: record.__dict__.get(n) for n in OUTCOME}
        return record

    def clean(self) -> None:
        """Refuse another outcome than that of the approved test: that would go round four eyes."""
        super().clean()
        read = self.__dict__.get("_outcome_read", {})
        changed = [name for name, value in read.items() if getattr(self, name) != value]
        if changed and self.tests.filter(state=StateOfTest.APPROVED).exists():
            told = _("This comes from the approved test. Make a new test to change it.")
            raise ValidationError(dict.fromkeys(changed, told))


class ImpactCategory(RegisterModel):
    """A kind of harm that the stop test scores, e.g. danger to life; data, per organisation.

    A level at or above ``intolerable_from`` is intolerable: the first horizon that reaches it
    sets the MTPD.
    """

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    explanation = models.TextField(_("explanation"), blank=True)
    intolerable_from = models.PositiveSmallIntegerField(
        _("intolerable from level"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(4)],
    )
    danger_to_life = models.BooleanField(
        _("danger to life"),
        default=False,
        help_text=_("An outage, however short, can be too long here."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    in_use = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("impact category")
        verbose_name_plural = _("impact categories")
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name


class StateOfTest(models.TextChoices):
    """States of a test. Expired is computed from the review date, never stored."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    APPROVED = "approved", _("Approved")
    RETURNED = "returned", _("Returned")
    SUPERSEDED = "superseded", _("Superseded")


OPEN_STATES = (StateOfTest.DRAFT, StateOfTest.SUBMITTED, StateOfTest.RETURNED)
"""A process has at most one test in one of these."""


class Method(models.TextChoices):
    INTERVIEW = "interview", _("Interview")
    WORKSHOP = "workshop", _("Workshop")
    QUESTIONNAIRE = "questionnaire", _("Questionnaire")


class ProcessTest(RegisterModel):
    """One stop, client and chain test of a process; ``number`` counts its versions."""

    scope_path = "process__owner_unit_id"
    part_labels = {"stop_answers": _("stop test"), "chain_answers": _("chain test")}

    process = models.ForeignKey(
        Process, models.CASCADE, related_name="tests", verbose_name=_("process")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    state = models.CharField(
        _("state"), max_length=20, choices=StateOfTest.choices, default=StateOfTest.DRAFT
    )
    method = models.CharField(_("method"), max_length=20, choices=Method.choices, blank=True)
    respondents = models.TextField(_("respondents"), blank=True)
    held_on = models.DateField(_("held on"), null=True, blank=True)
    # The client test.
    who_notices = models.TextField(_("who notices"), blank=True)
    how_many = models.CharField(_("how many"), max_length=200, blank=True)
    what_they_meet = models.TextField(_("what they meet"), blank=True)
    other_channels = models.TextField(_("other channels that remain"), blank=True)
    other_channels_share = models.PositiveSmallIntegerField(
        _("share that other channels can take (%)"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(100)],
    )
    # The outcome; what is computed is kept as it was when the test was submitted.
    mtpd_hours = hours_field(_("MTPD (hours)"), null=True, blank=True)
    tolerable_until_hours = models.PositiveSmallIntegerField(
        _("known to be tolerable until (hours)"), null=True, blank=True
    )
    suggested_criticality = models.CharField(
        _("suggested criticality"), max_length=20, choices=Criticality.choices, blank=True
    )
    rto_hours = hours_field(_("RTO (hours)"), null=True, blank=True)
    rpo_hours = hours_field(_("RPO (hours)"), null=True, blank=True)
    minimum_level = models.CharField(_("minimum level of service"), max_length=250, blank=True)
    criticality = models.CharField(
        _("criticality"), max_length=20, choices=Criticality.choices, blank=True
    )
    criticality_reason = models.TextField(_("reason to differ from the suggestion"), blank=True)
    review_on = models.DateField(_("review on"), null=True, blank=True)
    # Who and when; four eyes.
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        verbose_name=_("author"),
    )
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("judged by"),
    )
    judged_at = models.DateTimeField(_("judged"), null=True, blank=True)
    judgement = models.TextField(_("judgement"), blank=True)

    class Meta:
        verbose_name = _("stop, client and chain test")
        verbose_name_plural = _("stop, client and chain tests")
        ordering = ["process__code", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["process", "number"], name="test_number_once"),
            models.CheckConstraint(
                name="test_four_eyes",
                condition=Q(judged_by__isnull=True) | ~Q(judged_by=models.F("author")),
            ),
            models.CheckConstraint(
                name="test_approved_by_someone",
                condition=~Q(state=StateOfTest.APPROVED)
                | Q(judged_by__isnull=False, judged_at__isnull=False, author__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["process"], condition=Q(state__in=OPEN_STATES), name="test_one_open"
            ),
            models.UniqueConstraint(
                fields=["process"],
                condition=Q(state=StateOfTest.APPROVED),
                name="test_one_approved",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.process.code} · {self.number}"

    def history_links(self) -> dict[str, Any]:
        """The answers that stand in rows of their own, so that history keeps a test whole."""
        return {
            "stop_answers": [
                [*row]
                for row in self.impacts.order_by("category_id", "horizon_hours").values_list(
                    "category_id", "horizon_hours", "level", "reason"
                )
            ],
            "chain_answers": [
                [*row[:3], None if row[3] is None else float(row[3])]
                for row in self.effects.order_by("process_id").values_list(
                    "process_id", "declared", "explanation", "computed_after_hours"
                )
            ],
        }


class StopImpact(models.Model):
    """The stop test's cell: how bad, in one category, after so many hours; empty is not judged."""

    test = models.ForeignKey(ProcessTest, models.CASCADE, related_name="impacts")
    category = models.ForeignKey(ImpactCategory, models.PROTECT, related_name="+")
    horizon_hours = models.PositiveSmallIntegerField(_("after (hours)"))
    level = models.PositiveSmallIntegerField(
        _("level"), null=True, blank=True, validators=[MaxValueValidator(4)]
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        ordering = ["category__position", "horizon_hours"]
        constraints = [
            models.UniqueConstraint(
                fields=["test", "category", "horizon_hours"], name="impact_once_per_cell"
            )
        ]

    def __str__(self) -> str:
        return f"{self.test} · {self.category} · {self.horizon_hours}"


class DeclaredEffect(models.Model):
    """The chain test's row: a process that people say is hit, and why it differs if it does."""

    test = models.ForeignKey(ProcessTest, models.CASCADE, related_name="effects")
    process = models.ForeignKey(
        Process, models.PROTECT, related_name="+", verbose_name=_("process")
    )
    declared = models.BooleanField(_("declared hit"), default=True)
    explanation = models.CharField(_("explanation of the difference"), max_length=500, blank=True)
    computed_after_hours = hours_field(
        _("computed to go down after (hours)"),
        null=True,
        blank=True,
        help_text=_("As the chain said when the test was submitted; empty: it stays up."),
    )

    class Meta:
        ordering = ["process__code"]
        constraints = [
            models.UniqueConstraint(fields=["test", "process"], name="effect_once_per_process")
        ]

    def __str__(self) -> str:
        return f"{self.test} · {self.process.code}"

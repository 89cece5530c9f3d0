"""How cheap a register is: a table of three fields, a declaration, and everything works."""

from django.db import models

from organisation.units.models import Unit
from registers.declaration import Column, Filter, Register, Relation, Section
from registers.models import RegisterModel


class Vehicle(RegisterModel):
    scope_path = "unit_id"

    code = models.CharField("code", max_length=40, unique=True)
    name = models.CharField("name", max_length=200)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="unit")

    class Meta:
        app_label = "throw_away"
        verbose_name = "vehicle"
        verbose_name_plural = "vehicles"

    def __str__(self) -> str:
        return self.name


class Vehicles(Register):
    name = "vehicles"
    model = Vehicle
    columns = (
        Column(path="code", link=True, priority=1),
        Column(path="name", priority=1),
        Relation(path="unit", sort="unit__name"),
    )
    filters = (Filter(name="unit", kind="lookup"),)
    sections = (Section("Vehicle", ("code", "name", "unit")),)

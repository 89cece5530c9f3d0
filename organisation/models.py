"""The tables of this app; each room holds its own."""

from organisation.people.models import Person, User
from organisation.profile.models import Profile
from organisation.roles.models import Assignment
from organisation.units.models import Unit

__all__ = ["Assignment", "Person", "Profile", "Unit", "User"]

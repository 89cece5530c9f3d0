from registers.apps import RoomsConfig


class OrganisationConfig(RoomsConfig):
    """Units, people, roles: who may see and change what."""

    name = "organisation"
    rooms = ("units", "people", "roles", "profile")

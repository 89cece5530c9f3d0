from django.apps import AppConfig


class AssemblyConfig(AppConfig):
    """The assembly itself: commands that need every layer, such as the demonstration."""

    name = "config"
    label = "assembly"

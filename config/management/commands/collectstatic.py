"""Collect static files, without what packages bring along and no page of ours loads."""

from typing import Any

from django.contrib.staticfiles.management.commands import collectstatic

# Patterns on file and folder names. Compressing all of it would take minutes, and each file that
# is served is one more to keep safe.
LEFT_OUT = [
    # Source Sans: other formats, and weights that neither page nor paper uses.
    "OTF", "VF", "WOFF", "*Black*", "*Light*", "*Medium*", "*[Bb]oldIt*", "source-sans-3*.css",
    # Bootstrap: parts of the whole, right-to-left, modules, and what isn't minified.
    "bootstrap-*", "*.rtl.*", "*.esm.*", "bootstrap.css*", "bootstrap.js*", "bootstrap.bundle.js*",
    # htmx: extensions and other versions.
    "ext", "htmax*", "htmx-4*", "htmx-2.js",
    # The browsable API of the REST framework, which is off.
    "rest_framework",
]  # fmt: skip


class Command(collectstatic.Command):
    """Django's own command with our list of what to leave out."""

    def set_options(self, **options: Any) -> None:
        """Add our patterns to those of Django and of the command line."""
        super().set_options(**options)
        self.ignore_patterns = [*self.ignore_patterns, *LEFT_OUT]

"""Migrations say what the models say, in one line of history per app."""

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

APPS = ["registers", "organisation", "continuity", "governance", "reporting"]


@pytest.mark.django_db
def test_no_change_of_a_model_is_without_its_migration() -> None:
    output = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=output, stderr=output)
    except SystemExit:
        pytest.fail(output.getvalue())


@pytest.mark.parametrize("app", APPS)
def test_the_history_of_an_app_has_one_end_and_no_gap_in_its_numbers(app: str) -> None:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    names = sorted(name for label, name in loader.disk_migrations if label == app)
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
    assert len(loader.graph.leaf_nodes(app)) == (1 if names else 0)


def test_every_app_of_ours_is_looked_at() -> None:
    ours = {config.label for config in apps.get_app_configs() if config.name.split(".")[0] in APPS}
    assert ours == set(APPS)

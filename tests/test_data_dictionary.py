"""docs/data-dictionary.md names every model and every field."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Model

from partners.api.serializers import columns
from reports.api import serializers

TEXT = (Path(__file__).parent.parent / "docs" / "data-dictionary.md").read_text()
SECTIONS = dict(re.findall(r"^### `(\w+)`\n(.*?)(?=^##|\Z)", TEXT, re.MULTILINE | re.DOTALL))
MODELS = [
    model
    for app in ("partners", "hotspots", "interventions", "reports")
    for model in apps.get_app_config(app).get_models()
]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_field_is_in_the_dictionary(model: type[Model]) -> None:
    # What stands in the table of a model that it extends is explained there.
    own = [field for field in model._meta.local_fields if not getattr(field.remote_field, "parent_link", False)]
    inherited = {field.name for base in model._meta.parents for field in base._meta.get_fields()}
    many = [field for field in model._meta.many_to_many if field.name not in inherited]
    fields = {field.name for field in [*own, *many]} - {"id"}
    section = SECTIONS.get(model.__name__, "")
    named = set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`[^|]*)\|", section, re.MULTILINE))))
    assert named == fields - {"pk"}


def test_no_section_is_about_nothing() -> None:
    assert set(SECTIONS) == {model.__name__ for model in MODELS}


def test_every_derived_figure_is_explained() -> None:
    derived = TEXT.split("## Derived figures")[1].split("\n## ")[0]
    about = {name.replace("_", " ").replace("1000", "1,000") for name in columns(serializers.SummaryRow)[4:]}
    assert set(re.findall(r"^\| ([a-z][^|]*?) \|", derived, re.MULTILINE)) == about | {"figure"}

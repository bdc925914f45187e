"""The style sheet holds what the templates use, and nothing else of the libraries."""

from __future__ import annotations

import gzip
import re
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = ("templates", "static/js", "partners", "hotspots", "interventions", "reports")
# What the libraries' own scripts add to a page.
BY_SCRIPT = {"moj-sortable-table"}


def classes_in_use() -> set[str]:
    """Every govuk- and moj- class that the product writes; names made at run time count as all that they may become."""
    files = chain.from_iterable((ROOT / folder).rglob("*") for folder in PRODUCT)
    text = "\n".join(path.read_text() for path in files if path.suffix in {".html", ".py", ".js"})
    found = set(re.findall(r"\b((?:govuk|moj)-[a-z0-9!][\w!-]*)", text))
    return found | {"govuk-radios", "govuk-checkboxes"}  # class="govuk-{{ kind }}" of components/field.html


def components() -> list[str]:
    """The libraries' components in app.scss, as the class that each is for."""
    found = re.findall(r'@use ".*?(govuk|moj)/components/([\w-]+)', (ROOT / "frontend" / "app.scss").read_text())
    return [f"{kit}-{name}" for kit, name in found]


def test_every_component_in_the_style_sheet_is_used() -> None:
    used = classes_in_use()
    assert [name for name in components() if not any(re.match(rf"{name}s?(__|--|$)", one) for one in used)] == []


def test_every_class_in_use_has_its_component() -> None:
    """A class of a component that is not in app.scss would do nothing."""
    kits = ROOT / "frontend" / "node_modules"
    folders = [kits / "govuk-frontend/dist/govuk/components", kits / "@ministryofjustice/frontend/moj/components"]
    if not all(folder.is_dir() for folder in folders):
        pytest.skip("the front end's packages are not installed: run script/setup dev")
    known = {
        f"{kit}-{path.name}"
        for kit, folder in zip(("govuk", "moj"), folders, strict=True)
        for path in folder.iterdir()
        if path.is_dir()
    }
    there = set(components()) | BY_SCRIPT
    used = {re.split("__|--", name)[0] for name in classes_in_use()}
    assert sorted((used & known) - there) == []


def test_the_style_sheet_is_small() -> None:
    """As it travels: part of a first visit's 350 kB."""
    sheet = ROOT / "static" / "build" / "app.css"
    if not sheet.exists():
        pytest.skip("the front end is not built: run script/setup dev")
    assert len(gzip.compress(sheet.read_bytes())) < 25_000

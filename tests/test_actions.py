"""Every write by a person stands in the audit trail: a walk through the code of all `actions`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from partners.trail_words import ACTIONS, NOUNS, VERBS

ROOT = Path(__file__).resolve().parent.parent
APPS = ("partners", "hotspots", "interventions", "reports")
EVENTS = {"created", "changed", "deleted", "write"}
# What changes rows. Functions beside actions that do none of it ask or check something.
WRITES = {"save", "create", "delete", "update", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
MODULES = sorted(
    path for app in APPS for path in (ROOT / app).rglob("*.py") if "actions" in (path.stem, path.parent.name)
)


@cache
def functions(path: Path) -> dict[str, ast.FunctionDef]:
    """The functions of a module, by name."""
    return {node.name: node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)}


@cache
def imports(path: Path) -> dict[str, tuple[Path, str]]:
    """What a module imports of ours: name -> (module, name in it; "" for the module itself)."""
    found: dict[str, tuple[Path, str]] = {}
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in APPS:
            package = ROOT.joinpath(*node.module.split("."))
            for name in node.names:
                if (package / f"{name.name}.py").exists():
                    found[name.asname or name.name] = (package / f"{name.name}.py", "")
                elif package.with_suffix(".py").exists():
                    found[name.asname or name.name] = (package.with_suffix(".py"), name.name)
    return found


def calls(path: Path, name: str, seen: set[tuple[Path, str]]) -> Iterator[tuple[str, str]]:
    """What a function calls as (object, method), itself and through functions of ours that it calls."""
    if (path, name) in seen or name not in functions(path):
        return
    seen.add((path, name))
    for node in ast.walk(functions(path)[name]):
        if not isinstance(node, ast.Call):
            continue
        match node.func:
            case ast.Attribute(value=ast.Name(id=module), attr=method) if module in imports(path) and module != "audit":
                yield from calls(imports(path)[module][0], method, seen)
                yield module, method
            case ast.Attribute(value=value, attr=method):
                yield value.id if isinstance(value, ast.Name) else "", method
            case ast.Name(id=called) if called in functions(path):
                yield from calls(path, called, seen)
            case ast.Name(id=called) if called in imports(path):
                yield from calls(*imports(path)[called], seen)


def changes_rows(path: Path, name: str) -> bool:
    """Whether a function is one transaction, or calls what changes rows."""
    return any(ast.unparse(one) == "transaction.atomic" for one in functions(path)[name].decorator_list) or any(
        method in WRITES for _, method in calls(path, name, set())
    )


def writes_an_event(path: Path, name: str) -> bool:
    """Whether a function calls `audit.created` or its like."""
    return any(thing == "audit" and method in EVENTS for thing, method in calls(path, name, set()))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_action_writes_an_event(path: Path) -> None:
    public = [name for name in functions(path) if not name.startswith("_")]
    silent = [name for name in public if changes_rows(path, name) and not writes_an_event(path, name)]
    assert silent == [], "These change something, and the audit trail does not tell"


def test_the_walk_finds_actions_and_tells_them_apart(tmp_path: Path) -> None:
    assert {ROOT / "reports" / "actions.py", ROOT / "partners" / "actions" / "people.py"} <= set(MODULES)
    module = tmp_path / "actions.py"
    module.write_text(
        "from partners import audit\n"
        "def loud(): _helper()\n"
        "def _helper(): audit.created(1)\n"
        "def silent(row): audit.snapshot(row); row.save(); silent(row)\n"
        "def check(row): return row.pk\n"
    )
    assert writes_an_event(module, "loud")
    assert changes_rows(module, "silent")
    assert not writes_an_event(module, "silent")
    assert not changes_rows(module, "check")


def test_every_action_that_is_named_has_its_words() -> None:
    """The audit page says what was done in plain words: no action may be a mere code there."""
    named = set()
    for path in (path for app in APPS for path in (ROOT / app).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.write":
                named |= {str(one.value) for one in node.args[:1] if isinstance(one, ast.Constant)}
    assert "sharingagreement.said" in named
    silent = {
        action
        for action in named - set(ACTIONS)
        if action.rpartition(".")[0] not in NOUNS or action.rpartition(".")[2] not in VERBS
    }
    assert silent == set()

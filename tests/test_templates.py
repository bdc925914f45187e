"""What templates must not do, by their text."""

from __future__ import annotations

import re
from itertools import permutations
from pathlib import Path

TEMPLATES = Path(__file__).parent.parent / "templates"
BLOCK = re.compile(r"{% block \w+ %}(.*?){% endblock %}", re.DOTALL)
SET = re.compile(r" as (\w+) %}")


def test_no_block_reads_what_another_sets() -> None:
    """What `{% url ... as address %}` sets is gone with its block: read in another, it is empty, and its link dead."""
    lost = [
        f"{path.relative_to(TEMPLATES)}: {name}"
        for path in sorted(TEMPLATES.rglob("*.html"))
        for one, other in permutations(BLOCK.findall(path.read_text()), 2)
        for name in set(SET.findall(one)) - set(SET.findall(other))
        if re.search(rf"{{{{ {name} }}}}|={name} ", other)
    ]
    assert lost == []

"""All registers, in the order in which people find them."""

from __future__ import annotations

from interventions.registers.build import BUILD
from interventions.registers.cbo import CBO
from interventions.registers.closure import CLOSURE
from interventions.registers.community_protection import COMMUNITY_PROTECTION
from interventions.registers.day import DAY
from interventions.registers.dispersal import DIRECTION, DISPERSAL
from interventions.registers.further_order import FURTHER_ORDER
from interventions.registers.joint import JOINT
from interventions.registers.licensing import LICENSING
from interventions.registers.meeting import MEETING
from interventions.registers.other import OTHER
from interventions.registers.patrol import PATROL
from interventions.registers.plan import PLAN
from interventions.registers.pspo import PSPO
from interventions.registers.pspo_action import PSPO_ACTION
from interventions.registers.referrals import REFERRALS
from interventions.registers.register import Register
from interventions.registers.searches import SEARCHES
from interventions.registers.walk import WALK
from interventions.registers.warrant import WARRANT
from interventions.registers.year_plan import YEAR_PLAN
from partners.refusals import Refused

FAMILIES: dict[str, tuple[Register, ...]] = {
    "Orders and powers": (
        *(CBO, PSPO, PSPO_ACTION, DISPERSAL, DIRECTION, CLOSURE, COMMUNITY_PROTECTION, FURTHER_ORDER, WARRANT),
    ),
    "Work on the ground": (PATROL, LICENSING, SEARCHES, WALK),
    "People and partners": (BUILD, JOINT, REFERRALS, OTHER),
    "Working together": (PLAN, DAY, YEAR_PLAN, MEETING),
}
ALL: tuple[Register, ...] = tuple(one for family in FAMILIES.values() for one in family)
BY_SLUG: dict[str, Register] = {one.slug: one for one in ALL}
_BY_KIND = {kind: one for one in ALL for kind in one.kinds}


def register_of(kind: str) -> Register:
    """The register of a kind of record. Raises Refused where there is no such kind."""
    if kind not in _BY_KIND:
        raise Refused("kind", f"The kind is one of: {', '.join(_BY_KIND)}.")
    return _BY_KIND[kind]

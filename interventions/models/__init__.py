"""All models of the app, by name."""

from interventions.models.agreed_actions import AgreedAction
from interventions.models.days import DayAgency, DayItem, DayOfAction, DayResult
from interventions.models.interventions import Attachment, Intervention, RuleReason
from interventions.models.law import LegalParameter
from interventions.models.meetings import Attendance, Bid, Decision, Meeting, MeetingPriority
from interventions.models.notices import CommunityProtection, FurtherOrder, OrderType
from interventions.models.orders import CriminalBehaviourOrder, OnPerson, PublicSpacesOrder
from interventions.models.parts import (
    Breach,
    Briefing,
    Condition,
    Consultation,
    Hearing,
    Premises,
    Publication,
    RenewalStep,
    Review,
    Sign,
    Support,
    Variation,
)
from interventions.models.people import BuildActivity, JointWork, ReferralCount, Referrals
from interventions.models.personal import CalendarFeed, Digest
from interventions.models.plans import PlanResponse, ProblemSolvingPlan, YearPlan, YearPlanItem
from interventions.models.powers import (
    Closure,
    ClosureVisit,
    DispersalAuthorisation,
    DispersalDirection,
    PspoAction,
    Warrant,
)
from interventions.models.visits import (
    LicensingVisit,
    Observation,
    Patrol,
    PatrolStint,
    SearchCount,
    SearchOperation,
    Swab,
    Walk,
)

__all__ = [
    "AgreedAction",
    "Attachment",
    "Attendance",
    "Bid",
    "Breach",
    "Briefing",
    "BuildActivity",
    "CalendarFeed",
    "Closure",
    "ClosureVisit",
    "CommunityProtection",
    "Condition",
    "Consultation",
    "CriminalBehaviourOrder",
    "DayAgency",
    "DayItem",
    "DayOfAction",
    "DayResult",
    "Decision",
    "Digest",
    "DispersalAuthorisation",
    "DispersalDirection",
    "FurtherOrder",
    "Hearing",
    "Intervention",
    "JointWork",
    "LegalParameter",
    "LicensingVisit",
    "Meeting",
    "MeetingPriority",
    "Observation",
    "OnPerson",
    "OrderType",
    "Patrol",
    "PatrolStint",
    "PlanResponse",
    "Premises",
    "ProblemSolvingPlan",
    "PspoAction",
    "PublicSpacesOrder",
    "Publication",
    "ReferralCount",
    "Referrals",
    "RenewalStep",
    "Review",
    "RuleReason",
    "SearchCount",
    "SearchOperation",
    "Sign",
    "Support",
    "Swab",
    "Variation",
    "Walk",
    "Warrant",
    "YearPlan",
    "YearPlanItem",
]

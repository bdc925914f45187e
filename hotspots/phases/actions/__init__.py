"""What people and their systems do to the phases of a place: `verb_noun(*, by, ...)`, atomic, audited.

Pages and the API call the same functions. `Refused` is a sentence for whoever asked, and names the field it is about.
All lock the place first, so of two people who do something at once the second is judged by what the first has done.
"""

from hotspots.phases.actions.gates import Answered, Fact, Snapshot, decide_gate
from hotspots.phases.actions.periods import change_period, remove_period, start_phase, stop_phase
from hotspots.phases.actions.questions import add_question, move_question, retire_question
from hotspots.phases.actions.triggers import acknowledge_alert, end_trigger, set_trigger
from hotspots.phases.moves import Plan

__all__ = [
    "Answered",
    "Fact",
    "Plan",
    "Snapshot",
    "acknowledge_alert",
    "add_question",
    "change_period",
    "decide_gate",
    "end_trigger",
    "move_question",
    "remove_period",
    "retire_question",
    "set_trigger",
    "start_phase",
    "stop_phase",
]

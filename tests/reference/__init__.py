"""Every published figure again, slowly and plainly, from the source files: the csv module, dictionaries and loops.

Shares no code with the product: it has its own lists of categories, its own point-in-polygon, its own reading of the
rules in docs/design.md. `World` says which areas there are; `figures` gives what every summary must be, `lsoa_counts`
what lies in small areas, `table_figures` what the Metropolitan Police's ready-made tables hold.
"""

from tests.reference.categories import CRIMES, ELEVEN, OUTCOME_GROUPS, OUTCOMES, SCHEMES, SIX, STREET, STREET_GROUPS
from tests.reference.lsoas import lsoa_counts
from tests.reference.places import Place, Ring, World
from tests.reference.records import COMPLETE, MISSING, PARTIAL, WITHOUT_TRANSPORT_POLICE, Figure, figures
from tests.reference.tables import table_figures

__all__ = [
    "COMPLETE",
    "CRIMES",
    "ELEVEN",
    "MISSING",
    "OUTCOMES",
    "OUTCOME_GROUPS",
    "PARTIAL",
    "SCHEMES",
    "SIX",
    "STREET",
    "STREET_GROUPS",
    "WITHOUT_TRANSPORT_POLICE",
    "Figure",
    "Place",
    "Ring",
    "World",
    "figures",
    "lsoa_counts",
    "table_figures",
]

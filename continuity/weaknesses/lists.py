"""The lists of weaknesses, in the order in which to read them."""

from collections.abc import Sequence

from continuity.weaknesses import (
    autonomy,
    concentration,
    loops,
    pairs,
    recovery,
    redundancy,
    single,
    unknowns,
)
from continuity.weaknesses.listing import Listing

LISTINGS: Sequence[Listing] = (
    single.LISTING,
    pairs.LISTING,
    redundancy.LISTING,
    concentration.LISTING,
    autonomy.LISTING,
    recovery.LISTING,
    unknowns.LISTING,
    loops.LISTING,
)

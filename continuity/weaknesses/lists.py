"""The lists of weaknesses, in the order in which to read them."""

from collections.abc import Sequence

from continuity.weaknesses import recovery, single
from continuity.weaknesses.listing import Listing

LISTINGS: Sequence[Listing] = (single.LISTING, recovery.LISTING)

"""What a scorecard's month would score if all that has been typed counted; nothing of it is published."""

import math
from datetime import date

import numpy as np
from django.utils import timezone

from scorecards.assembly.cache import kept_structure
from scorecards.assembly.layout import card_slices, codes_of, nodes_of
from scorecards.assembly.load import with_facts
from scorecards.assembly.publish import score_cells
from scorecards.assembly.write import rows_of
from scorecards.choices import Window
from scorecards.models import Layout, Month, Scorecard
from scorecards.selectors.score import CardScore, decode

ARRAYS = ("node_scores", "node_completeness", "values", "goals", "lost")


def provisional(card: Scorecard, month: Month, today: date) -> CardScore:
    """The month alone, drafts and unverified readings counted."""
    structure = kept_structure([card.pk], card.year).structure
    cells = [(month, Window.MONTH.value)]
    loaded = with_facts(structure, (int(month), int(month)), drafts=True)
    results = score_cells(loaded, cells, today)
    row = next(rows_of(loaded, cells, results, np.zeros(len(loaded.scorecards), dtype=np.int64), timezone.now()))
    for name in ARRAYS:
        setattr(row, name, [None if math.isnan(one) else one for one in getattr(row, name)])
    place = card_slices(loaded, 1)[0]
    row.layout = Layout(nodes=nodes_of(loaded, results, codes_of(loaded), 0, place, place))
    return decode(row)

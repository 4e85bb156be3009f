"""What a scorecard's month would score if all that has been typed counted; nothing of it is published."""

import math
from datetime import date

import numpy as np
from django.utils import timezone

from scorecards.assembly.cache import kept_structure
from scorecards.assembly.load import with_facts
from scorecards.assembly.publish import score_cells
from scorecards.assembly.write import rows_of
from scorecards.choices import Window
from scorecards.models import Layout, Month, Score, Scorecard
from scorecards.selectors.score import CardScore, decode

ARRAYS = ("node_scores", "node_completeness", "values", "goals", "lost")


def provisional(card: Scorecard, month: Month, today: date) -> CardScore:
    """The month alone, drafts and unverified readings counted. card: as it was just read."""
    kept = kept_structure([card.pk], card.year, {card.pk: card.version})
    cells = [(month, Window.MONTH.value)]
    loaded = with_facts(kept.structure, (int(month), int(month)), drafts=True)
    results = score_cells(loaded, cells, today)
    told = next(rows_of(loaded, cells, results, np.zeros(len(loaded.scorecards), dtype=np.int64), timezone.now()))
    told |= {name: [None if math.isnan(one) else one for one in told[name]] for name in ARRAYS}
    told |= {"period": month, "layout": Layout(nodes=kept.nodes_in(month, loaded, results))}
    return decode(Score(**{name: value for name, value in told.items() if name != "layout_id"}))

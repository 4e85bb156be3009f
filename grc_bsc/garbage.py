"""How often a long-lived process looks for garbage in circles. By default that is every few hundred objects, through all that is loaded."""

import gc

OBJECTS, TURNS = 20_000, 20


def settle() -> None:
    """Once all is loaded: what is there stays and is not looked through again; the rest is looked through more seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS, TURNS, TURNS)

"""Rows into arrays for `scoring`, results into rows: the only room that imports `scoring`."""

"""What spreadsheets call their columns: A, B … Z, AA."""

from openpyxl.utils import column_index_from_string, get_column_letter


def letter(column: int) -> str:
    """0 → A, 26 → AA."""
    return get_column_letter(column + 1)


def number_of(letters: str) -> int:
    """A → 0. Raises ValueError for what no spreadsheet calls a column."""
    return column_index_from_string(letters) - 1

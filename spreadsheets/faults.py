"""Why a file is refused: one word each, with what it is about."""

from enum import StrEnum


class Fault(StrEnum):
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    UNKNOWN_KIND = "unknown_kind"
    OLD_OR_ENCRYPTED = "old_or_encrypted"
    DAMAGED = "damaged"
    NO_WORKBOOK = "no_workbook"
    ENCRYPTED = "encrypted"
    MACROS = "macros"
    EXTERNAL_LINKS = "external_links"
    EMBEDDED = "embedded"
    TOO_MANY_PARTS = "too_many_parts"
    PART_TWICE = "part_twice"
    STRANGE_PART = "strange_part"
    UNPACKS_TOO_LARGE = "unpacks_too_large"
    ENTITIES = "entities"
    HIDDEN_SHEET = "hidden_sheet"
    SEVERAL_SHEETS = "several_sheets"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    TOO_MANY_VALUES = "too_many_values"
    TOO_MUCH_TEXT = "too_much_text"
    NOT_TEXT = "not_text"
    BAD_CSV = "bad_csv"
    TOO_SLOW = "too_slow"
    NO_HEADER = "no_header"
    NO_ROWS = "no_rows"
    HEADER_TWICE = "header_twice"


class Refused(Exception):
    """detail: the sheet, part, column or limit that the word is about."""

    def __init__(self, fault: Fault, detail: str = "") -> None:
        super().__init__(fault, detail)
        self.fault, self.detail = fault, detail

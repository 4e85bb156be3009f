"""How much of a file is read. Whatever exceeds this is refused by name (see `faults`)."""

FILE_BYTES = 10 * 1024 * 1024
ENTRIES = 200
UNPACKED_BYTES = 50 * 1024 * 1024
RATIO = 100
ROWS = 20_000
COLUMNS = 100
CELLS = 600_000
VALUES = 20_000
TEXT = 2_000
OUTPUT_BYTES = 40 * 1024 * 1024
MEMORY_BYTES = 768 * 1024 * 1024
SECONDS = 30

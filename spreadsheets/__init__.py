"""Reads what people upload as Excel or CSV, within limits and outside the server's process, and writes workbooks that are safe to open.
Knows no framework and no scorecard."""

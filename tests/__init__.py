"""Claims about the product, each kept on SQLite and on PostgreSQL."""

"""Runs every measurement on a fresh database and prints medians, extremes and ratios."""

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2

NAME = "grc_bsc_bench"


def main() -> None:
    server = urlsplit(os.environ["DATABASE_URL"])
    with_database = psycopg2.connect(os.environ["DATABASE_URL"])
    with_database.autocommit = True
    with with_database.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {NAME}")
        cursor.execute(f"CREATE DATABASE {NAME}")
    os.environ["DATABASE_URL"] = urlunsplit(server._replace(path=f"/{NAME}"))
    os.environ["DJANGO_SETTINGS_MODULE"] = "grc_bsc.settings"
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    from benchmarks import maps, national, pages, staff
    from grc_bsc import garbage

    garbage.settle()
    maps.run()
    national.run()
    staff.run()
    call_command("flush", interactive=False, verbosity=0)
    pages.run()


if __name__ == "__main__":
    main()

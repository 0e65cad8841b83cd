"""`make bench`: builds small and large data inside the database, measures both in one run, prints ratios."""

import argparse
import json
import logging
import os
import sys

import django


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--small", type=int, default=10_000, help="reports in the small data set")
    parser.add_argument("--large", type=int, default=1_000_000, help="reports in the large data set")
    parser.add_argument("--keep", action="store_true", help="use the data of the run before")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "csp.settings")
    django.setup()
    logging.disable(logging.INFO)  # a line for each request would hide the table
    from bench.runs import run  # noqa: PLC0415 -- needs the settings
    from bench.table import as_table  # noqa: PLC0415 -- needs the settings

    figures = run(small=options.small, large=options.large, keep=options.keep)
    sys.stdout.write((json.dumps(figures, indent=2) if options.json else as_table(figures)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

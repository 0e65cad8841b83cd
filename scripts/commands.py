"""Several `manage.py` commands in one process, since loading Django is most of what each of them does.

`scripts.run` starts it in the project's venv, with one argument for each command.
"""

import os
import shlex
import sys

import django
from django.core.management import CommandError, call_command
from django.db import OperationalError


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "csp.settings")
    django.setup()
    for line in sys.argv[1:]:
        try:
            call_command(*shlex.split(line))
        except (CommandError, OperationalError) as error:
            sys.exit(f"{line}: {str(error).splitlines()[0]}")


if __name__ == "__main__":
    main()

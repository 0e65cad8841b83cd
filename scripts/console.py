"""What the scripts say to the person at the terminal."""

import errno
import sys
from collections.abc import Callable


class Problem(Exception):
    """Something the person can mend. The message is one line and says how."""


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def run_main(main: Callable[[], int | None]) -> None:
    """Run a script's `main`, and turn what can go wrong on somebody's machine into one clear line."""
    try:
        sys.exit(main() or 0)
    except Problem as problem:
        sys.exit(f"Error: {problem}")
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            sys.exit("Error: the disk is full. Free some space, then run the same command again.")
        if isinstance(error, PermissionError):
            sys.exit(f"Error: you may not write to {error.filename}. Run as the user who owns it, or set DATA_DIR.")
        raise
    except KeyboardInterrupt:
        sys.exit(130)

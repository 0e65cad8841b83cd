"""What a process that lives long keeps in memory."""

import gc


def keep_loaded() -> None:
    """Say that what is loaded by now stays: call it once, before a process forks or begins its work.

    The collector then never looks at it again, forked processes share it, and nothing takes it apart at the
    end, which costs half a second of a processor in each process and would hold up every stop.
    """
    gc.collect()
    gc.freeze()

import gc

from csp.core.memory import keep_loaded


def test_what_is_loaded_is_kept_out_of_collections():
    keep_loaded()
    try:
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()

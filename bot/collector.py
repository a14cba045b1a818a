"""What Python's collector of rubbish need not go through again and again."""

import gc


def spare_what_stays() -> None:
    """Takes all that is there now out of the collector's rounds: modules and models stay for as long as the process does.

    For processes that stay, once they are ready. docs.python.org, gc.freeze.
    """
    gc.collect()
    gc.freeze()

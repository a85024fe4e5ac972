import gc
import os
import signal
import sys
from typing import NoReturn

from pipeline.locales import settle


def run() -> NoReturn:
    """Run the command line as a process of its own: `property-areas …` and `python -m pipeline …`."""
    settle()
    # Same sums whatever the machine; and a process with one thread can be forked
    # (pipeline/making/together.py).
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    try:
        # Ended from outside, it takes what it was writing with it, as with Ctrl-C.
        for end in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(end, lambda number, _: sys.exit(128 + number))
        from pipeline.cli import main

        status = main(guard=True)
    except KeyboardInterrupt:
        print("stopped: what was being written is as it was before; run it again to go on", file=sys.stderr)  # noqa: T201
        os._exit(130)
    # All that was loaded goes with the process: to look it through for garbage on the way out took a tenth of
    # a second a command.
    gc.freeze()
    raise SystemExit(status)


if __name__ == "__main__":
    run()

import gc

from pipeline.cli import main

status = main()
# All that was loaded goes with the process: to look it through for garbage on the way out took a tenth of a second a command.
gc.freeze()
raise SystemExit(status)

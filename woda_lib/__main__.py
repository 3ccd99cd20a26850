"""`python -m woda_lib`: the command `woda` by its interpreter, as timers and cron call it."""

from woda_lib.cli import main

if __name__ == "__main__":
    main()

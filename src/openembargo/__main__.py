"""`python -m openembargo` is the command `openembargo`."""

from openembargo.apps.cli.main import main

if __name__ == "__main__":
    main()

"""`python -m rassegna`: the commands, or what the installation lacks."""

import sys


def main() -> None:
    """Run the command line; a package that is missing is named, with how to mend it."""
    try:
        from rassegna import commands
    except ImportError as error:
        sys.exit(f"error: {error}; the installation lacks it: run `make setup`, or install requirements.lock")
    commands.main()


if __name__ == "__main__":
    main()

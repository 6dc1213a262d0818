"""Serve Label Studio; `process.py` runs this file as a script of its own process."""

import logging
import sys


def main() -> None:
    """Serve once the parent has written down who we are; end when it died before that."""
    if not sys.stdin.buffer.read(1):
        sys.exit("the command that started this server was ended")
    # Requests are logged at INFO, each twice, some with the invite link's token.
    logging.disable(logging.INFO)
    from label_studio.server import main as serve

    serve()


if __name__ == "__main__":
    main()

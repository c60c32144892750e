"""Where `acca` begins: Ctrl-C ends it in one line even while its modules are loaded, a tenth of a second."""

import sys


def main() -> None:
    """Load and run the command line."""
    try:
        from acca_crawler.cli import main as command_line

        command_line()
    except KeyboardInterrupt:
        sys.stderr.write("acca: stopped\n")
        sys.exit(130)  # 128 and the signal's number, as shells have it

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Choose the command and turn every expected failure into one clear line."""

import errno
import signal
import sys

from . import cli_import, cli_run, cli_test
from .process import Terminated
from .steps import Failure

# What the machine may refuse; another OSError is a mistake of ours: with a traceback
REFUSED = {
    errno.ENOSPC: "Make room on this disk",
    errno.EDQUOT: "Make room within your quota",
    errno.EROFS: "Move the repository to a disk that can be written",
    errno.EACCES: "The repository and all below it must belong to you",
    errno.EPERM: "The repository and all below it must belong to you",
}
COMMANDS = {"run": cli_run, "test": cli_test, "import": cli_import}


def main(argv):
    """Run one command.

    :param argv: name of the command, then its own arguments
    :return: exit status: 0 done, 1 failed, 2 wrong options, 130 interrupted
    """
    signal.signal(signal.SIGTERM, _terminate)
    try:
        return COMMANDS[argv[0]].main(argv[1:])
    except Failure as failure:
        return _tell(failure)
    except OSError as error:
        if error.errno not in REFUSED:
            raise
        what = error.filename or "Disk"
        return _tell(Failure(what, error.strerror, REFUSED[error.errno]))
    except KeyboardInterrupt:
        print("\ninterrupted", file=sys.stderr)
        return 130


def _tell(failure):
    sys.stdout.flush()
    print(f"error: {failure}", file=sys.stderr)
    return 1


def _terminate(_signum, _frame):
    """End like Ctrl-C does, so that everything started is stopped."""
    raise Terminated

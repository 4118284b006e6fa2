# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Import a folder or a workbook; tell progress and result in lines of JSON."""

import json
import sys
import time
from pathlib import Path

from environment import environment, parser

from odoo.exceptions import AccessError, UserError


def tell(kind, value):
    """Print one event for the script that started us."""
    print(
        "@jxc " + json.dumps([kind, value], ensure_ascii=False, default=str), flush=True
    )


class Progress:
    """Tell the rows done, not more often than a person can read."""

    def __init__(self):
        self.started = time.monotonic()
        self.told = 0.0

    def __call__(self, file, done, total):
        """Tell that `done` of `total` rows are loaded and `file` is in work."""
        now = time.monotonic()
        if now - self.told > 0.2 or done == total:
            self.told = now
            speed = done / max(now - self.started, 0.001)
            tell(
                "progress", {"file": file, "done": done, "total": total, "speed": speed}
            )


def main():
    """Import; exit 1 with the problems told when the import is refused."""
    arguments = parser(__doc__)
    arguments.add_argument("source", type=Path)
    arguments.add_argument("--history", action="store_true")
    arguments.add_argument("--user")
    options = arguments.parse_args()
    with environment(options) as env:
        # importable only now: the addons path comes with the configuration
        from odoo.addons.jxc_base.tools.importing import ImportRefused

        if options.user:
            user = env["res.users"].search([("login", "=", options.user)])
            if not user:
                sys.exit(f"error: no user has the login {options.user}")
            env = env(user=user.id)
        service = env["jxc.import"]
        keywords = {"history": options.history, "progress": Progress()}
        try:
            if options.source.is_dir():
                result = service.run_folder(str(options.source), **keywords)
            else:
                result = service.run_xlsx(options.source.read_bytes(), **keywords)
        except ImportRefused as refused:
            tell("problems", [problem_text(problem) for problem in refused.problems])
            sys.exit(1)
        except (AccessError, UserError) as error:
            sys.exit(f"error: {error}")
        tell("report", result.report)


def problem_text(problem):
    """Return "file:row:column: message"; parts that do not apply are left out."""
    place = [problem.file, problem.row, problem.column]
    return ":".join(str(part) for part in place if part) + f": {problem.message}"


if __name__ == "__main__":
    main()

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""After a year of trade was imported: what otherwise happens overnight or by hand."""

from environment import environment, parser


def main():
    """Classify the customers, and complete the set-up that waits for stock."""
    arguments = parser(__doc__)
    arguments.add_argument("--date", required=True, help="last day of the data")
    options = arguments.parse_args()
    with environment(options) as env:
        company = env.ref("base.main_company")
        if "jxc.finance.setup" in env:
            env["jxc.finance.setup"].apply_defaults(company)
        if "jxc.customer.class" in env:
            env["jxc.customer.class"].action_recompute(options.date)


if __name__ == "__main__":
    main()

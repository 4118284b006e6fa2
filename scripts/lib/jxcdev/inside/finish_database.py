# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Last touches on a new database: the suite's defaults, names, passwords, assets."""

import os

from environment import environment, parser


def rename(env, company, name):
    """Give the company its name, and what the platform named after it."""
    if "stock.warehouse" in env:
        warehouses = env["stock.warehouse"].search([("name", "=", company.name)])
        warehouses.name = name
    company.name = name


def main():
    """Finish a database that has all modules it shall have.

    The administrator's password comes in the variable JXC_NEW_PASSWORD.
    """
    arguments = parser(__doc__)
    arguments.add_argument("--company-name")
    arguments.add_argument("--language", required=True)
    arguments.add_argument("--assets", action="store_true")
    options = arguments.parse_args()
    with environment(options) as env:
        company = env.ref("base.main_company")
        if options.company_name:
            rename(env, company, options.company_name)
        if "jxc.finance.setup" in env:
            env["jxc.finance.setup"].apply_defaults(company)
        admin = env.ref("base.user_admin")
        admin.lang = options.language
        if "odoobot_state" in admin._fields:
            # else a talk with the robot covers the first page, on a phone all of it
            admin.odoobot_state = "disabled"
        if os.environ.get("JXC_NEW_PASSWORD"):
            admin.password = os.environ["JXC_NEW_PASSWORD"]
        # a copied database must not share its identity and secrets with its source
        env["ir.config_parameter"].init(force=True)
        if options.assets:
            env["ir.qweb"]._pregenerate_assets_bundles()


if __name__ == "__main__":
    main()

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Give the main company its chart of accounts and the users their language."""

from environment import environment, parser


def main():
    """Prepare a database that has the platform's modules but none of ours."""
    arguments = parser(__doc__)
    arguments.add_argument("--chart", required=True)
    arguments.add_argument("--language", required=True)
    options = arguments.parse_args()
    with environment(options) as env:
        set_language(env, options.language)
        company = env.ref("base.main_company")
        if "iap_enrich_auto_done" in company._fields:
            # else the first login waits for a service on the internet
            company.iap_enrich_auto_done = True
        if (
            "chart_template" in company._fields
            and company.chart_template != options.chart
        ):
            # Odoo loads its default chart when a transaction ends: begin a new one
            env.cr.commit()
            env["account.chart.template"].try_loading(
                options.chart, company=company, install_demo=False
            )
        # bundles that our addons leave alone are then ready in every copy
        env["ir.qweb"]._pregenerate_assets_bundles()


def set_language(env, language):
    """Make the language the one of the administrator and of new contacts."""
    admin = env.ref("base.user_admin")
    admin.write({"lang": language, "tz": "Asia/Shanghai"})
    env.ref("base.main_company").partner_id.lang = language
    env["ir.default"].set("res.partner", "lang", language)
    env["ir.default"].set("res.partner", "tz", "Asia/Shanghai")


if __name__ == "__main__":
    main()

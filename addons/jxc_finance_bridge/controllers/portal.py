# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal, pager


class StatementPortal(CustomerPortal):
    """Statements of account (对账单) for customers and vendors, who answer them."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "jxc_statement_count" in counters:
            statements = request.env["jxc.statement"]
            values["jxc_statement_count"] = (
                statements.search_count(self._get_statements_domain())
                if statements.has_access("read")
                else 0
            )
        return values

    def _get_statements_domain(self):
        partner = request.env.user.partner_id.commercial_partner_id
        return [
            ("partner_id", "=", partner.id),
            ("state", "not in", ("draft", "cancel")),
        ]

    @route(
        ["/my/statements", "/my/statements/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def portal_my_statements(self, page=1, **kwargs):
        """The statements of the user's own company."""
        statements = request.env["jxc.statement"]
        domain = self._get_statements_domain()
        paging = pager(
            url="/my/statements",
            total=statements.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        found = statements.search(
            domain, limit=self._items_per_page, offset=paging["offset"]
        )
        values = {
            **self._prepare_portal_layout_values(),
            "statements": found.sudo(),
            "page_name": "jxc_statement",
            "pager": paging,
            "default_url": "/my/statements",
        }
        return request.render("jxc_finance_bridge.portal_my_statements", values)

    @route(
        "/my/statements/<int:statement_id>", type="http", auth="public", website=True
    )
    def portal_statement(
        self, statement_id, access_token=None, report_type=None, download=False, **kw
    ):
        """One statement, for its partner or who has the link."""
        statement = self._get_statement(statement_id, access_token)
        if not statement:
            return request.redirect("/my")
        if request.env.user._is_public() and statement.partner_id.lang:
            # Who comes by the link of a mail reads the language of the mail.
            request.update_context(lang=statement.partner_id.lang)
            statement = statement.with_context(lang=statement.partner_id.lang)
        if report_type in ("html", "pdf"):
            return self._show_report(
                model=statement,
                report_type=report_type,
                report_ref="jxc_finance_bridge.account_statement_report_pdf",
                download=download,
            )
        values = self._get_page_view_values(
            statement,
            access_token,
            {
                "statement": statement,
                "page_name": "jxc_statement",
                "problem": kw.get("problem"),
            },
            "my_statements_history",
            False,
        )
        return request.render("jxc_finance_bridge.portal_statement_page", values)

    @route(
        "/my/statements/<int:statement_id>/answer",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def portal_statement_answer(
        self, statement_id, access_token=None, agrees="", name="", note="", **kw
    ):
        """Confirm a statement, or say what is different.

        The partner answers: who works here keeps signed paper in the back office.
        """
        statement = self._get_statement(statement_id, access_token)
        user = request.env.user
        if not statement or not user.share:
            return request.redirect("/my")
        query = ""
        try:
            statement._answer(
                agrees == "yes",
                name if user._is_public() else user.name,
                note,
                request.httprequest.remote_addr,
            )
        except UserError:
            query = "&problem=1"
        return request.redirect(
            statement.get_portal_url(query_string=query, anchor="answer")
        )

    def _get_statement(self, statement_id, access_token):
        """The statement with superuser rights, None without access or before it is
        sent."""
        try:
            statement = self._document_check_access(
                "jxc.statement", statement_id, access_token
            )
        except (AccessError, MissingError):
            return None
        outside = request.env.user.share
        if outside and statement.state in ("draft", "cancel"):
            return None
        return statement

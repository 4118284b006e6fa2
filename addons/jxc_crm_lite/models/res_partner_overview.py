# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_amount, format_date

from .res_partner_timeline import label_of

LISTED = 3


class ResPartner(models.Model):
    """The customer at one glance (客户全景): what is so today, in a few cards.

    A customer may be read by salespeople who may not read all of his documents. What a
    card shows of them is then said to be a part: a number without the others would be
    taken for the customer's.
    """

    _inherit = "res.partner"

    def jxc_get_overview(self):
        """Cards about the commercial customer, with the rights of the user.

        Where the user may not see all, the card says so.

        :return: list of dict: name, title, lines (label, value, tone), opens (whether
            :meth:`action_jxc_overview` leads to the documents)
        :raise AccessError: outside sales
        """
        self.ensure_one()
        self._jxc_check_viewer()
        customer = self.commercial_partner_id
        customer.check_access("read")
        ids = customer._jxc_timeline_partner_ids()
        cards = [
            customer._jxc_card_class(),
            customer._jxc_card_contact(),
            customer._jxc_card_credit(),
            customer._jxc_card_orders(ids),
            customer._jxc_card_documents("deliveries", ids),
            customer._jxc_card_documents("tickets", ids),
        ]
        return [card for card in cards if card]

    def action_jxc_overview(self, name):
        """Open what a card is about.

        :param name: name of a card that opens something
        :raise UserError: for other names
        """
        self.ensure_one()
        self._jxc_check_viewer()
        if name == "contact":
            return self.action_jxc_followups()
        if name == "credit" and hasattr(self, "action_jxc_view_credit_account"):
            return self.commercial_partner_id.action_jxc_view_credit_account()
        documents = self._jxc_open_domains(self._jxc_timeline_partner_ids())
        if name not in documents:
            raise UserError(self.env._("There is nothing to open."))
        model, domain, title, _date = documents[name]
        return {
            "type": "ir.actions.act_window",
            "name": f"{title}: {self.commercial_partner_id.name}",
            "res_model": model,
            "view_mode": "list,kanban,form",
            "mobile_view_mode": "kanban",
            "domain": list(domain),
        }

    def _jxc_open_domains(self, ids):
        """Return ``{card: (model, Domain, title, date field)}`` of open documents."""
        own = Domain("partner_id", "in", ids)
        return {
            "orders": (
                "sale.order",
                own
                & Domain("state", "=", "sale")
                & (
                    Domain("delivery_status", "in", ("pending", "started", "partial"))
                    | Domain("invoice_status", "=", "to invoice")
                ),
                self.env._("Open Orders"),
                "date_order",
            ),
            "deliveries": (
                "stock.picking",
                # What a vendor delivers to a customer names the vendor.
                (
                    own & Domain("picking_type_id.code", "=", "outgoing")
                    | Domain("sale_id.partner_id", "in", ids)
                    & Domain("picking_type_id.code", "=", "dropship")
                )
                & Domain("state", "not in", ("done", "cancel", "draft")),
                self.env._("Deliveries under Way"),
                "scheduled_date",
            ),
            "tickets": (
                "helpdesk.ticket",
                own & Domain("closed", "=", False),
                self.env._("Open Tickets"),
                "create_date",
            ),
        }

    def _jxc_card(self, name, title, lines, opens=False):
        """Return a card; lines are (label, value[, tone]), those without value go."""
        return {
            "name": name,
            "title": title,
            "opens": opens,
            "lines": [
                {"label": label, "value": value, "tone": tone[0] if tone else ""}
                for label, value, *tone in lines
                if value not in (None, False, "")
            ],
        }

    def _jxc_hides(self, model, domain, shown):
        """Return whether there are more than so many records as the user may see.

        Those of companies that the user has not chosen do not count.
        """
        companies = Domain("company_id", "in", [False, *self.env.companies.ids])
        # sudo: that there are more is no secret, which ones is
        records = self.env[model].sudo()
        return records.search_count(domain & companies, limit=shown + 1) > shown

    def _jxc_number_lines(self, number, hidden):
        """Return the lines of a card that say how many there are, as far as known."""
        if not hidden:
            return [(self.env._("Number"), str(number))]
        if not number:
            return [("", self.env._("Not yours to see"))]
        return [
            (self.env._("Number You May See"), str(number)),
            ("", self.env._("Others are not yours to see")),
        ]

    def _jxc_day(self, value):
        return value and format_date(self.env, value)

    def _jxc_card_class(self):
        tones = {"active": "success", "sleeping": "warning", "lost": "danger"}
        lines = [
            (
                self.env._("Life Cycle"),
                label_of(self, "jxc_life_cycle"),
                tones.get(self.jxc_life_cycle, "info"),
            ),
            (self.env._("Class"), label_of(self, "jxc_class")),
            (self.env._("RFM"), self.jxc_rfm),
            (self.env._("Tags"), ", ".join(self.category_id.mapped("name"))),
        ]
        if "jxc_tier_id" in self._fields:
            lines.append((self.env._("Tier"), self.jxc_tier_id.name))
        own = Domain("partner_id", "=", self.id)
        own &= Domain("company_id", "=", self.env.company.id)
        row = self.env["jxc.customer.class"].search(own, limit=1)
        if not row and self._jxc_hides("jxc.customer.class", own, 0):
            lines.append((self.env._("Class"), self.env._("Not yours to see")))
        elif not row:
            # Entered since then: better said than an empty card.
            lines.append((self.env._("Class"), self.env._("computed every night")))
        else:
            amount = format_amount(self.env, row.monetary, row.currency_id)
            lines.append((self.env._("Revenue of 12 Months"), amount))
        return self._jxc_card("class", self.env._("Class"), lines)

    def _jxc_card_contact(self):
        today = fields.Date.context_today(self)
        due = self.jxc_next_followup
        late = "danger" if due and due < today else ""
        step = self.env["jxc.followup"].search(
            [
                ("customer_id", "=", self.id),
                ("is_next_done", "=", False),
                ("next_date", "=", due),
            ],
            limit=1,
        )
        lines = [
            (self.env._("Owner"), self.jxc_owner_id.name or self.env._("nobody")),
            (self.env._("Pool"), label_of(self, "jxc_pool_state")),
            (self.env._("Last Contact"), self._jxc_day(self.jxc_last_followup)),
            (self.env._("Next Step on"), self._jxc_day(due), late),
        ]
        if due:
            lines.append((self.env._("Next Step"), step.next_note))
        made = Domain("customer_id", "=", self.id) & Domain("is_draft", "=", False)
        made &= Domain("is_plan", "=", False)
        if self._jxc_hides("jxc.followup", made, self.jxc_followup_count):
            lines.append(("", self.env._("Follow-ups of others are not yours to see")))
        return self._jxc_card(
            "contact", self.env._("Contact and Next Step"), lines, opens=True
        )

    def _jxc_card_credit(self):
        """Figures of the sales addon, where it is there and the user may see them."""
        if "jxc_exposure" not in self._fields:
            return None
        if not self._has_field_access(self._fields["jxc_exposure"], "read"):
            return None
        account = self.jxc_credit_account_id
        if not account:
            lines = [("", self.env._("No credit account"))]
            return self._jxc_card("credit", self.env._("Credit"), lines)

        def amount(name):
            return format_amount(self.env, self[name], self.jxc_credit_currency_id)

        lines = [
            (
                self.env._("Limit"),
                self.env._("No limit")
                if self.jxc_credit_unlimited
                else amount("jxc_credit_capacity"),
            ),
            (self.env._("Exposure"), amount("jxc_exposure")),
        ]
        if not self.jxc_credit_unlimited:
            short = self.jxc_credit_available < 0
            lines.append(
                (
                    self.env._("Available"),
                    amount("jxc_credit_available"),
                    "danger" if short else "",
                )
            )
        late = "danger" if self.jxc_credit_overdue > 0 else "success"
        lines.append((self.env._("Overdue"), amount("jxc_credit_overdue"), late))
        return self._jxc_card("credit", self.env._("Credit"), lines, opens=True)

    def _jxc_card_orders(self, ids):
        model, domain, title, _date = self._jxc_open_domains(ids)["orders"]
        orders = self.env[model]
        if not orders.has_access("read"):
            return None
        groups = orders._read_group(
            domain, ["currency_id"], ["amount_total:sum", "__count"]
        )
        confirmed = Domain("partner_id", "in", ids) & Domain("state", "=", "sale")
        last = orders.search(confirmed, order="date_order desc, id desc", limit=1)
        number = sum(group[2] for group in groups)
        hidden = self._jxc_hides(model, domain, number)
        lines = self._jxc_number_lines(number, hidden)
        label = self.env._("Amount of These") if hidden else self.env._("Amount")
        lines += [
            (label, format_amount(self.env, total, currency))
            for currency, total, _count in groups
        ]
        # Somebody else's later one is not shown, and no other is the last one.
        if last and not self._jxc_hides(
            model, confirmed & Domain("date_order", ">", last.date_order), 0
        ):
            lines.append(
                (
                    self.env._("Last Order"),
                    f"{last.name} · {self._jxc_day(last.date_order)}",
                )
            )
            lines.append((self.env._("Its Price List"), last.pricelist_id.name))
        if orders.pricelist_id.has_access("read"):
            lines.append(
                (self.env._("Price List"), self.property_product_pricelist.name)
            )
        return self._jxc_card("orders", title, lines, opens=bool(groups))

    def _jxc_card_documents(self, name, ids):
        """The number of open documents, and the next few of them."""
        model, domain, title, date = self._jxc_open_domains(ids)[name]
        records = self.env[model]
        if not records.has_access("read"):
            return None
        number = records.search_count(domain)
        hidden = self._jxc_hides(model, domain, number)
        lines = self._jxc_number_lines(number, hidden)
        if number:
            found = records.search(domain, order=f"{date}, id", limit=LISTED)
            lines += [(self._jxc_day(r[date]), r.display_name) for r in found]
        return self._jxc_card(name, title, lines, opens=bool(number))

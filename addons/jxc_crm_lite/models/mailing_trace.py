# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.tools import format_datetime


class MailingTrace(models.Model):
    _inherit = "mailing.trace"

    failure_type = fields.Selection(
        selection_add=[("jxc_limit", "Enough Marketing Lately")],
    )
    # The timeline asks for the traces of the messages it shows.
    message_id = fields.Char(index="btree_not_null")
    jxc_company_id = fields.Many2one(
        comodel_name="res.company",
        string="Sending Company",
        readonly=True,
        ondelete="cascade",
        index="btree_not_null",
        help="Of marketing that was sent without a mailing.",
    )

    @api.model
    def _jxc_note_limited(self, values_all):
        """Note in traces who had enough of marketing; nothing is sent to them.

        :param dict values_all: ``{record id: values}`` of mails or SMS, each with one
            trace to create
        :return: the same without those who had enough
        """
        limited = {
            res_id
            for res_id, values in values_all.items()
            if values.get("failure_type") == "jxc_limit"
        }
        # sudo: traces are written by sending, whoever sends
        self.sudo().create(
            [values_all[res_id]["mailing_trace_ids"][0][2] for res_id in limited]
        )
        return {
            res_id: values
            for res_id, values in values_all.items()
            if res_id not in limited
        }

    def _jxc_tell(self):
        """Return in words what became of one message; False before it is known."""
        clicked = [each.links_click_datetime for each in self]
        opened = [each.open_datetime for each in self]
        if any(clicked):
            return self.env._(
                "Clicked on %(time)s",
                time=format_datetime(
                    self.env, max(filter(None, clicked)), dt_format="short"
                ),
            )
        if any(opened):
            return self.env._(
                "Opened on %(time)s",
                time=format_datetime(
                    self.env, min(filter(None, opened)), dt_format="short"
                ),
            )
        labels = dict(self._fields["trace_status"]._description_selection(self.env))
        reasons = dict(self._fields["failure_type"]._description_selection(self.env))
        told = {
            reasons.get(each.failure_type) or labels[each.trace_status]
            for each in self
            if each.trace_status in ("bounce", "error", "cancel")
        }
        return ", ".join(sorted(told)) or False

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models


class MailingTrace(models.Model):
    _inherit = "mailing.trace"

    failure_type = fields.Selection(
        selection_add=[("jxc_limit", "Enough Marketing Lately")],
    )
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

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class JxcTicketLink(models.Model):
    """A document that came of a ticket, also of an app that need not be installed."""

    _name = "jxc.ticket.link"
    _description = "Document of a Ticket"
    _order = "id"
    _rec_name = "res_model"

    ticket_id = fields.Many2one(
        comodel_name="helpdesk.ticket",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="ticket_id.company_id", store=True, index=True)
    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Document",
        model_field="res_model",
        required=True,
        readonly=True,
    )

    _document_unique = models.Constraint(
        "UNIQUE (ticket_id, res_model, res_id)",
        "The ticket has this document already.",
    )
    _document_index = models.Index("(res_model, res_id)")

    def _of_existing(self, model):
        """The links to documents of a model that are still there; also its app."""
        links = self.filtered(lambda link: link.res_model == model)
        if model not in self.env:
            return links.browse()
        there = set(self.env[model].sudo().browse(links.mapped("res_id")).exists().ids)
        return links.filtered(lambda link: link.res_id in there)

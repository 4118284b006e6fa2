# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError

RELEASING = object()


class JxcStockRelease(models.Model):
    """Append-only: who let a lot out although it is expired or too near to it."""

    _name = "jxc.stock.release"
    _description = "Lot Release Record"
    _order = "id desc"
    _rec_name = "lot_id"
    _check_company_auto = True

    kind = fields.Selection(
        selection=[("release", "Released"), ("revoke", "Revoked")],
        required=True,
        readonly=True,
    )
    lot_id = fields.Many2one(
        comodel_name="stock.lot",
        string="Lot/Serial Number",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    product_id = fields.Many2one(related="lot_id.product_id")
    expiration_date = fields.Datetime(
        readonly=True, help="The lot's expiration date when it was released."
    )
    valid_until = fields.Date(readonly=True)
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        comodel_name="res.users",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    reason = fields.Char(required=True, readonly=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
    )

    @api.model
    def _jxc_latest(self, lots):
        """What was decided last about lots, in each company.

        :return: {(lot id, company id): record}
        """
        records = self.search([("lot_id", "in", lots.ids)], order="id")
        return {(record.lot_id.id, record.company_id.id): record for record in records}

    @api.model
    def _jxc_log(self, vals_list):
        """Write records of releasing; nobody else can."""
        marked = self.sudo().with_context(jxc_releasing=RELEASING)
        return marked.create(vals_list).with_env(self.env)

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.context.get("jxc_releasing") is not RELEASING:
            raise UserError(
                self.env._("Release records are made by releasing a lot only.")
            )
        return super().create(vals_list)

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("Release records are kept as they are."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_always(self):
        raise UserError(self.env._("Release records are never deleted."))

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

KINDS = [
    ("below", "Below Safety Stock"),
    ("above", "Above Maximum"),
    ("near_expiry", "Near Expiry"),
    ("expired", "Expired"),
    ("idle", "No Movement"),
    ("negative", "Negative Stock"),
]
# Documents that bring nothing any more, of whatever model.
VOID_STATES = ("cancel", "cancelled", "rejected")


class JxcStockAlert(models.Model):
    """What is wrong with a product in a warehouse; opened and closed by scan()."""

    _name = "jxc.stock.alert"
    _description = "Stock Alert"
    _order = "id desc"
    _check_company_auto = True

    kind = fields.Selection(selection=KINDS, required=True, readonly=True)
    state = fields.Selection(
        selection=[
            ("open", "Open"),
            ("acknowledged", "Acknowledged"),
            ("closed", "Closed"),
        ],
        required=True,
        readonly=True,
        default="open",
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    categ_id = fields.Many2one(related="product_id.categ_id", string="Category")
    uom_id = fields.Many2one(related="product_id.uom_id")
    warehouse_id = fields.Many2one(
        comodel_name="stock.warehouse",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    lot_id = fields.Many2one(
        comodel_name="stock.lot",
        string="Lot/Serial Number",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    quantity = fields.Float(
        digits="Product Unit",
        readonly=True,
        aggregator=None,
        help="What there is, in the unit of the product.",
    )
    threshold = fields.Float(
        digits="Product Unit",
        readonly=True,
        aggregator=None,
        help="The limit that was passed: a quantity, or a number of days for goods"
        " near expiry or without movement.",
    )
    quantity_text = fields.Char(compute="_compute_texts", string="On Hand in Units")
    threshold_text = fields.Char(compute="_compute_texts", string="Limit")
    expiration_date = fields.Datetime(related="lot_id.expiration_date")
    released_until = fields.Date(compute="_compute_released_until")
    acknowledged_by_id = fields.Many2one(comodel_name="res.users", readonly=True)
    acknowledged_date = fields.Datetime(readonly=True)
    closed_date = fields.Datetime(readonly=True)
    res_model = fields.Char(readonly=True, export_string_translation=False)
    res_id = fields.Many2oneReference(
        string="Replenished By", model_field="res_model", readonly=True
    )
    can_replenish = fields.Boolean(
        compute="_compute_can_replenish",
        export_string_translation=False,
    )
    digest_ids = fields.Many2many(
        comodel_name="jxc.stock.digest",
        relation="jxc_stock_digest_alert_rel",
        column1="alert_id",
        column2="digest_id",
        readonly=True,
    )

    _one_open = models.UniqueIndex(
        "(kind, product_id, warehouse_id, COALESCE(lot_id, 0)) WHERE state <> 'closed'",
        "There is such an alert already.",
    )
    _warehouse_kind_idx = models.Index("(warehouse_id, kind) WHERE state <> 'closed'")

    @api.depends("lot_id.jxc_release_ids", "company_id")
    def _compute_released_until(self):
        for company, alerts in self.grouped("company_id").items():
            for alert in alerts.with_company(company):
                alert.released_until = alert.lot_id.sudo().jxc_released_until

    @api.depends("kind", "product_id", "warehouse_id", "lot_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for alert in self:
            parts = [alert.product_id.display_name, alert.lot_id.name]
            parts.append(alert.warehouse_id.name)
            name = ", ".join(part for part in parts if part)
            alert.display_name = f"{kinds.get(alert.kind, '')}: {name}"

    @api.depends("kind", "quantity", "threshold", "product_id")
    @api.depends_context("lang")
    def _compute_texts(self):
        templates = self.product_id.product_tmpl_id
        compounds = {template: template._jxc_compound() for template in templates}
        for alert in self:
            compound = compounds[alert.product_id.product_tmpl_id]
            alert.quantity_text = compound.format(alert.quantity)
            if alert.kind in ("below", "above"):
                alert.threshold_text = compound.format(alert.threshold)
            elif alert.kind in ("near_expiry", "idle"):
                alert.threshold_text = self.env._("%d days", alert.threshold)
            else:
                alert.threshold_text = ""

    @api.depends("state", "kind", "res_model", "res_id")
    def _compute_can_replenish(self):
        documents = self._jxc_documents()
        for alert in self:
            alert.can_replenish = (
                alert.state != "closed"
                and alert.kind in ("below", "negative")
                and alert not in documents
            )

    # ----------------------------------------------------------------
    # What people do about it
    # ----------------------------------------------------------------

    def action_acknowledge(self):
        """Take note of open alerts: they stay until their cause is gone.

        :return: True
        :raise AccessError: who is not a user of the inventory
        """
        self._jxc_check_may_handle()
        self.filtered(lambda alert: alert.state == "open").sudo().write(
            {
                "state": "acknowledged",
                "acknowledged_by_id": self.env.uid,
                "acknowledged_date": fields.Datetime.now(),
            }
        )
        return True

    def action_replenish(self):
        """Make documents that bring the missing goods, and open them.

        :return: action that opens the documents
        :raise AccessError: who is not a user of the inventory
        :raise UserError: when an alert is closed, of another kind, replenished already,
            or when nothing can bring the goods
        """
        self._jxc_check_may_handle()
        if not self:
            raise UserError(self.env._("Choose the alerts to replenish."))
        for alert in self:
            alert._jxc_check_replenishable()
        documents = self._jxc_replenish()
        documented = self._jxc_documents()
        missing = self.filtered(lambda alert: alert not in documented)
        if missing:
            raise UserError(
                self.env._(
                    "Neither a vendor nor another warehouse with a surplus can bring:"
                    "\n%s",
                    "\n".join(missing.mapped("product_id.display_name")),
                )
            )
        return self._jxc_open_documents(documents)

    def action_open_document(self):
        """Open the document that replenishes this alert."""
        self.ensure_one()
        document = self._jxc_document()
        if not document:
            raise UserError(self.env._("%s is not replenished yet.", self.display_name))
        return self._jxc_open_documents([document])

    def action_open_stock(self):
        """Open the stock of the product in the warehouse."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jxc_stock.jxc_stock_overview_action"
        )
        domain = [("product_id", "=", self.product_id.id)]
        domain.append(("warehouse_id", "=", self.warehouse_id.id))
        if self.lot_id:
            domain.append(("lot_id", "=", self.lot_id.id))
        return {**action, "domain": domain, "context": {}}

    def _jxc_check_may_handle(self):
        if not self.env.user.has_group("stock.group_stock_user"):
            raise AccessError(
                self.env._("Only users of the inventory handle stock alerts.")
            )
        self.check_access("read")

    def _jxc_check_replenishable(self):
        """Raise unless this alert can be answered by new goods."""
        if self.state == "closed":
            raise UserError(self.env._("%s is closed already.", self.display_name))
        if self.kind not in ("below", "negative"):
            raise UserError(
                self.env._(
                    "%s: only missing goods can be replenished.", self.display_name
                )
            )
        document = self._jxc_document()
        if document:
            raise UserError(
                self.env._(
                    "%(alert)s is replenished by %(document)s already.",
                    alert=self.display_name,
                    document=document.sudo().display_name,
                )
            )

    def _jxc_document(self):
        """The document that replenishes this alert and is not cancelled, or None."""
        self.ensure_one()
        return self._jxc_documents().get(self)

    def _jxc_documents(self):
        """{alert: document that replenishes it}, without those that bring nothing."""
        documents = {}
        linked = self.filtered(
            lambda alert: alert.res_id and (alert.res_model or "") in self.env
        )
        for model, alerts in linked.grouped("res_model").items():
            found = self.env[model].browse(alerts.mapped("res_id")).exists()
            alive = found.sudo().filtered(lambda one: one.state not in VOID_STATES)
            by_id = {document.id: document for document in alive.with_env(self.env)}
            documents |= {
                alert: by_id[alert.res_id] for alert in alerts if alert.res_id in by_id
            }
        return documents

    @api.model
    def _jxc_open_documents(self, documents):
        """Action that opens these documents, those of the first one's model."""
        model = documents[0]._name
        ids = [document.id for document in documents if document._name == model]
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Replenishment"),
            "res_model": model,
            "view_mode": "list,form",
            "domain": [("id", "in", ids)],
        }
        if len(ids) == 1:
            action.update(view_mode="form", res_id=ids[0])
        return action

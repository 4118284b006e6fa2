# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..tools.sampling import AQLS
from .jxc_receipt_inspection_line import REJECT_TO

SAMPLINGS = [
    ("none", "As the inspector sees fit"),
    ("full", "Everything"),
    ("percent", "Percent of the lot"),
    ("aql", "GB/T 2828.1 (ISO 2859-1), level II"),
]


class JxcReceiptInspectionRule(models.Model):
    """Which received goods are inspected (检验规则).

    Of the rules that fit a receipt the most specific one decides: product before
    category, deeper category before its parent, with vendor before without.
    """

    _name = "jxc.receipt.inspection.rule"
    _description = "Receipt Inspection Rule"
    _inherit = ["jxc.number.mixin"]
    _order = "sequence, id"
    _check_company_auto = True

    sequence = fields.Integer(
        default=10,
        help="Decides between rules that are equally specific.",
    )
    active = fields.Boolean(
        default=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        default=lambda self: self.env.company,
        index=True,
        help="Empty: for all companies.",
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        domain="[('type', '=', 'consu')]",
        check_company=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    category_id = fields.Many2one(
        comodel_name="product.category",
        index="btree_not_null",
        ondelete="cascade",
        help="Also for its subcategories. Empty: any.",
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Vendor",
        check_company=True,
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: any.",
    )
    mode = fields.Selection(
        selection=[
            ("always", "Always"),
            ("nth", "Every n-th receipt"),
            ("score", "By the vendor's score"),
            ("never", "Never (exempt)"),
        ],
        string="Inspect",
        required=True,
        default="always",
    )
    interval = fields.Integer(
        string="Every … Receipts",
        default=5,
        help="Counted for each vendor; the first receipt is inspected.",
    )
    score_below = fields.Float(
        default=80.0,
        help="Inspect vendors whose score is lower, and those without a score.",
    )
    sampling = fields.Selection(
        selection=SAMPLINGS,
        string="Look at",
        required=True,
        default="none",
    )
    percent = fields.Float(
        string="Sample %",
        default=10.0,
    )
    aql = fields.Selection(
        selection=[(aql, aql) for aql in AQLS],
        string="AQL",
        default="2.5",
        help="Acceptance quality limit, in percent nonconforming.",
    )
    reject_to = fields.Selection(
        selection=REJECT_TO,
        string="Rejected Goods go to",
        required=True,
        default="defective",
        help="Proposed; the inspector decides.",
    )

    _interval_positive = models.Constraint(
        "CHECK (mode <> 'nth' OR interval > 0)",
        "Every how many receipts is inspected must be above zero.",
    )
    _percent_range = models.Constraint(
        "CHECK (sampling <> 'percent' OR (percent > 0 AND percent <= 100))",
        "The sample is more than 0 and at most 100 percent.",
    )

    @api.constrains("product_id", "category_id")
    def _check_product_or_category(self):
        for rule in self:
            if rule.product_id and rule.category_id:
                raise ValidationError(
                    self.env._(
                        "An inspection rule is for one product or for a category, not"
                        " for both: leave %(category)s or %(product)s out.",
                        category=rule.category_id.display_name,
                        product=rule.product_id.display_name,
                    )
                )

    @api.depends("product_id", "category_id", "partner_id", "mode")
    @api.depends_context("lang")
    def _compute_display_name(self):
        modes = dict(self._fields["mode"]._description_selection(self.env))
        for rule in self:
            goods = rule.product_id or rule.category_id
            parts = [goods.display_name, rule.partner_id.display_name, modes[rule.mode]]
            rule.display_name = " · ".join(filter(None, parts))

    # ------------------------------------------------------------
    # Which goods
    # ------------------------------------------------------------

    @api.model
    def _jxc_rules_for(self, moves):
        """The rule that applies to each receipt move, if any; one search.

        :return: {stock.move: jxc.receipt.inspection.rule}, possibly empty recordsets
        """
        rules = self.sudo().search(
            [("company_id", "in", [*moves.company_id.ids, False])]
        )
        found = {}
        for move in moves:
            fitting = rules.filtered(lambda rule, move=move: rule._fits(move))
            found[move] = fitting.sorted(lambda rule: rule._specificity())[:1]
        return found

    def _fits(self, move):
        product, vendor = move.product_id, move._jxc_vendor()
        return (
            self.company_id in (move.company_id, self.company_id.browse())
            and self.product_id in (product, product.browse())
            and (
                not self.category_id
                or (product.categ_id.parent_path or "").startswith(
                    self.category_id.parent_path
                )
            )
            and (
                not self.partner_id
                or self.partner_id in (vendor, vendor.commercial_partner_id)
            )
        )

    def _specificity(self):
        """The key to sort by: the most specific rule comes first."""
        depth = (self.category_id.parent_path or "").count("/")
        return (
            not self.product_id,
            -depth,
            not self.partner_id,
            not self.company_id,
            self.sequence,
            self.id,
        )

    @api.model
    def _jxc_due(self, moves, count=False):
        """Which of these receipt moves are inspected.

        :param count: the receipts happen now: count those of which every n-th one is
            inspected. Two at the same moment follow one another.
        :return: {stock.move: rule}, only moves to inspect; the rule is empty where
            somebody asked for the inspection
        """
        found = self._jxc_rules_for(moves)
        due = {}
        scores = None
        pairs = set()
        asked = moves._jxc_asked_to_inspect()
        for move, rule in found.items():
            if move in asked or rule.mode == "always":
                due[move] = rule if rule.mode != "never" else rule.browse()
            elif rule.mode == "score":
                if scores is None:
                    scores = moves._jxc_vendor()._jxc_vendor_scores()
                score = scores.get(move._jxc_vendor())
                if score is None or score < rule.score_below:
                    due[move] = rule
            elif rule.mode == "nth":
                pairs.add((rule, move._jxc_vendor().commercial_partner_id))
        numbers = self._jxc_receipt_numbers(pairs, count) if pairs else {}
        for move, rule in found.items():
            key = (rule, move._jxc_vendor().commercial_partner_id)
            if key in numbers and move not in due:
                if (numbers[key] - 1) % rule.interval == 0:
                    due[move] = rule
        return due

    @api.model
    def _jxc_receipt_numbers(self, pairs, count):
        """The number of the present or next receipt for pairs of rule and vendor."""
        ordered = sorted(pairs, key=lambda pair: (pair[0].id, pair[1].id))
        rows = SQL(", ").join(
            SQL("(%s, %s, 1)", rule.id, vendor.id or 0) for rule, vendor in ordered
        )
        if count:
            # Whoever comes second waits, meets a changed row and is started again.
            query = SQL(
                """
                INSERT INTO jxc_receipt_inspection_counter AS counter
                            (rule_id, vendor, number)
                     VALUES %s
                ON CONFLICT (rule_id, vendor)
                  DO UPDATE SET number = counter.number + 1
                  RETURNING rule_id, vendor, number
                """,
                rows,
            )
        else:
            query = SQL(
                """
                SELECT given.rule_id, given.vendor, COALESCE(number, 0) + 1
                  FROM (VALUES %s) AS given (rule_id, vendor, one)
             LEFT JOIN jxc_receipt_inspection_counter AS counter
                    ON counter.rule_id = given.rule_id
                   AND counter.vendor = given.vendor
                """,
                rows,
            )
        numbers = {
            (rule_id, vendor): number
            for rule_id, vendor, number in self.env.execute_query(query)
        }
        return {
            (rule, vendor): numbers[rule.id, vendor.id or 0] for rule, vendor in ordered
        }


class JxcReceiptInspectionCounter(models.Model):
    """How many receipts of a vendor came under a rule; counted by SQL."""

    _name = "jxc.receipt.inspection.counter"
    _description = "Counted Receipts"
    _log_access = False
    _order = "id"

    rule_id = fields.Many2one(
        comodel_name="jxc.receipt.inspection.rule",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    # An id, not a reference: zero stands for receipts without a vendor.
    vendor = fields.Integer(
        required=True,
        readonly=True,
    )
    number = fields.Integer(
        required=True,
        readonly=True,
    )

    _pair_unique = models.Constraint(
        "UNIQUE (rule_id, vendor)",
        "Receipts of a vendor are counted once for each rule.",
    )

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from .return_common import ReturnCommon

COSTS = "jxc_base.group_see_costs"


class AnalysisCommon(ReturnCommon):
    """Goods at a cost of 60 and a price of 100, in boxes of 12."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.credit_limit = 1e9
        cls.env.user.group_ids += cls.env.ref(COSTS)
        cls.product.standard_price = 60
        cls.env["jxc.product.unit"].create(
            {
                "product_tmpl_id": cls.product.product_tmpl_id.id,
                "name": "箱",
                "factor": 12,
            }
        )
        cls.analysis = cls.env["jxc.sale.analysis"]

    def _read(self, *names, domain=(), groupby=(), user=None):
        """The aggregates by their names, of one group or {group: them}."""
        self.env.flush_all()
        model = self.analysis.with_user(user or self.env.user)
        specs = [
            f"{name}:{model._fields[name].aggregator}" if ":" not in name else name
            for name in names
        ]
        rows = model._read_group(
            [("company_id", "=", self.company.id), *domain], groupby, specs
        )
        if not groupby:
            return dict(zip(names, rows[0], strict=True))
        return {row[0]: dict(zip(names, row[1:], strict=True)) for row in rows}

    @classmethod
    def _sold_on(cls, day, quantity, price=100.0, **values):
        """A confirmed order of another day."""
        order = cls._create_order(quantity, price=price, **values)
        order.action_confirm()
        order.date_order = f"{day} 04:00:00"
        return order

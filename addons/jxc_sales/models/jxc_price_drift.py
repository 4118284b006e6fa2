# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict
from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain

from odoo.addons.jxc_base.tools.importing import is_history

from ..tools import marks
from ..tools.price import added_up, change_percent
from .jxc_price_watch import DAYS, PRICE_MANAGER


class JxcPriceWatch(models.AbstractModel):
    """Many small changes are a large one, unless somebody agreed in between.

    Added up are the steps of the record itself, not its prices: those also follow the
    sales price of the product, which has steps of its own.
    """

    _inherit = "jxc.price.watch"

    def _jxc_price_drifts(self):
        """How far prices of these records moved lately without anybody's consent.

        Who agrees to a change agrees to where it takes that price, and to no other.

        :return: ``{record: {key: percent}}``, keys by :meth:`_jxc_price_key`
        """
        drifts = {record: defaultdict(float) for record in self}
        by_id = {record.id: record for record in self}
        since = fields.Datetime.now() - timedelta(days=DAYS)
        logs = (
            self.env["jxc.price.log"]
            .sudo()
            .search(
                Domain("res_model", "=", self._name)
                & Domain("res_id", "in", self.ids)
                & Domain("date", ">=", since),
                order="id",
            )
        )
        for log in logs:
            drift = drifts[by_id[log.res_id]]
            for key, percent in (log.steps or {}).items():
                drift[key] = 0.0 if log.is_agreed else added_up(drift[key], percent)
        return drifts

    def _jxc_price_key(self, key):
        """How the log calls a price of :meth:`_jxc_price_measures`."""
        return key if isinstance(key, str) else repr(key)

    def _jxc_price_steps(self, before):
        """How far each price of this record has moved.

        :param before: as :meth:`_jxc_price_measures` was
        :return: ``{key: percent}`` of those that did, keys by :meth:`_jxc_price_key`
        """
        now = self._jxc_price_measures()
        steps = {
            self._jxc_price_key(key): change_percent(old, now[key])
            for key, old in before.items()
            if key in now
        }
        return {key: percent for key, percent in steps.items() if percent}

    def _jxc_is_agreed(self):
        """Whether somebody who may change prices freely stands for a change now."""
        mark = marks.price_change_of(self.env)
        if mark:
            proposer = mark.change.sudo().user_id
            return bool(mark.change.approver_ids) or proposer.has_group(PRICE_MANAGER)
        return bool(
            self.env.user.has_group(PRICE_MANAGER)
            or is_history(self.env)
            or not self.env.registry.ready
        )

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import contextlib
import hashlib
import hmac
import json

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.jxc_base.tools.outbound import Client, OutboundError

from ..tools.language import in_caller_lang

SECONDS = 20
#: bytes of an answer; nothing in it matters but its status
ANSWER = 1_000_000


class JxcSaleChannel(models.Model):
    """Tells a shop what it can sell."""

    _inherit = "jxc.sale.channel"

    def push_stock(self, full=False):
        """Tell what of the channel's products can be sold.

        What is free in the channel's warehouse, less what is kept back, in whole units
        of the shop; frozen, defective and uninspected goods are not free. Posted as
        JSON to the channel's address, where it has one::

            {"channel": "TM", "levels": [{"sku": "WATER-24", "quantity": 20}]}

        :param full: tell all products, not only those that have changed
        :return: list of ``{"sku", "quantity"}`` that were told
        :raise AccessError: without the right to all sales orders
        :raise UserError: the shop's server cannot be reached or refuses; the channel
            is archived; the call is about no channel, or about several
        """
        self = in_caller_lang(self)._jxc_one_channel()
        self._check_importer()
        # Salespeople know what is free, but not the address and its secret.
        channel = self.sudo().with_company(self.company_id)
        levels = channel._stock_levels()
        told = {
            one: quantity
            for one, quantity in levels.items()
            if full or one.product_uom_id.compare(quantity, one.pushed_quantity) != 0
        }
        answer = [
            {"sku": one.sku, "quantity": quantity} for one, quantity in told.items()
        ]
        if answer and channel.stock_url:
            channel._post_stock(answer)
            channel._jxc_note_success()
        for quantity, same in _by_value(told).items():
            self.env["jxc.sale.channel.product"].sudo().browse(
                same
            ).pushed_quantity = quantity
        channel.stock_pushed_at = fields.Datetime.now()
        return answer

    def _stock_levels(self):
        """``{channel product: quantity in its unit}``: whole ones, not below zero."""
        mapped = self.product_ids.filtered("product_id.is_storable")
        products = mapped.product_id.with_context(warehouse_id=self.warehouse_id.id)
        free = {product.id: product.free_qty for product in products}
        levels = {}
        for one in mapped:
            base = one.product_id.uom_id
            left = max(0.0, free[one.product_id.id] - self.stock_buffer)
            quantity = base._jxc_convert(left, one.product_uom_id)
            # 23.999999 boxes by the computer are 24, 23.9 are 23.
            levels[one] = float(int(round(quantity, 6)))
        return levels

    def _post_stock(self, levels):
        """:raise UserError: the shop's server cannot be reached or refuses"""
        body = json.dumps({"channel": self.code, "levels": levels}).encode()
        headers = {"Content-Type": "application/json"}
        key = self._jxc_get_secret()
        if key:
            signature = hmac.new(key.encode(), body, hashlib.sha256)
            headers["X-JXC-Signature"] = signature.hexdigest()
        try:
            client = Client(self.stock_url, timeout=SECONDS, max_bytes=ANSWER)
            with contextlib.closing(client):
                answer = client.request(
                    "POST", self.stock_url, data=body, headers=headers
                )
        except OutboundError as error:
            raise UserError(
                self.env._(
                    "%(channel)s: the shop cannot be reached (%(reason)s). Stock is"
                    " told again with the next run.",
                    channel=self.name,
                    reason=self.env._(error.message),
                )
            ) from error
        if answer.status_code >= 300:
            raise UserError(
                self.env._(
                    "%(channel)s: the shop answers %(status)s to stock levels. Check"
                    " the address and the secret.",
                    channel=self.name,
                    status=answer.status_code,
                )
            )

    @api.model
    def _cron_push_stock(self):
        """Tell the stock of all channels with an address; one that fails waits."""
        due = Domain("next_try", "=", False) | Domain("next_try", "<=", "now")
        channels = self.search(Domain("stock_url", "!=", False) & due)
        for remaining, channel in zip(
            range(len(channels) - 1, -1, -1), channels, strict=True
        ):
            try:
                channel.push_stock()
            except UserError as error:
                channel._jxc_note_failure(str(error))
            self.env["ir.cron"]._commit_progress(1, remaining=remaining)


def _by_value(told):
    """``{quantity: ids}``, to write equal values at once."""
    ids = {}
    for one, quantity in told.items():
        ids.setdefault(quantity, []).append(one.id)
    return ids

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from dataclasses import replace

import psycopg2.errors

from odoo import fields, models
from odoo.exceptions import (
    AccessError,
    ConcurrencyError,
    UserError,
    ValidationError,
)
from odoo.fields import Command
from odoo.tools import float_compare, plaintext2html, split_every

from ..tools.channel_order import number_of, read_order
from ..tools.language import in_caller_lang, in_company_lang
from ..tools.refusal import text_for

ROLE = "sales_team.group_sale_salesman_all_leads"
MOST_ORDERS = 1000
#: Made and confirmed together; one that is refused costs its batch a second try.
BATCH = 50
#: What an order may be refused for; anything else is a fault of ours.
REFUSALS = (UserError, ValidationError, AccessError)


class JxcSaleChannel(models.Model):
    """Takes the orders of a shop in: each one once, the good ones whatever the bad."""

    _inherit = "jxc.sale.channel"

    def import_orders(self, orders):
        """Make sales orders of what a shop sends, and confirm them.

        Send an order again as often as you like: its number says that it is there.
        Sent again with more paid than before, the difference is booked, up to the total
        of the order. Who neither imports payments of shops nor has a role in Invoicing
        books nothing: what is paid is noted on the order, and told in its problems.

        :param orders: list of at most 1,000 objects::

            {"number": "2026050100017", "date": "2026-05-01T09:30:00+08:00",
             "buyer": {"name": "王芳", "phone": "13800138000", "email": "",
                       "street": "文三路 90 号", "street2": "", "city": "杭州",
                       "state": "浙江省", "zip": "310012"},
             "lines": [{"sku": "WATER-24", "quantity": 2, "price": 78,
                        "discount": 5}],
             "shipping": 8, "fee": 3.2, "paid": 156.2, "total": 156.2, "note": ""}

            Quantities are in the unit the channel maps the sku to, prices in the
            currency of the customer's pricelist, with or without tax as the channel's
            taxes say. ``number`` and ``lines`` are needed.
        :return: one object per order, in the same order: ``number``, ``status``
            (``created`` and confirmed, ``quotation``: made, but not confirmed for the
            reasons in problems, ``exists``: sent before, problems say when it still
            waits, ``refused``), ``order_id``, ``order`` (our number), ``problems``
            (texts)
        :raise AccessError: without the right to all sales orders
        :raise UserError: no list, or more than 1,000 orders; the channel is archived;
            the call is about no channel, or about several
        """
        self = in_caller_lang(self)._jxc_one_channel()
        self._check_importer()
        if not isinstance(orders, list) or len(orders) > MOST_ORDERS:
            raise UserError(
                self.env._(
                    "Orders of a shop come as a list of at most %s; send the rest with"
                    " the next call.",
                    MOST_ORDERS,
                )
            )
        # Who may import may make these orders; money is booked for who may book it.
        books = self._may_book()
        channel = self.sudo().with_company(self.company_id)
        results, todo, numbers = [], [], set()
        for data in orders:
            shop_order, problems = read_order(data)
            result = {
                "number": number_of(data),
                "status": "refused",
                "order_id": False,
                "order": False,
                "problems": [self.env._(problem) for problem in problems],
            }
            results.append(result)
            if shop_order and shop_order.number in numbers:
                result["problems"].append(self.env._("is there twice in this call"))
            elif shop_order:
                numbers.add(shop_order.number)
                result["number"] = shop_order.number
                todo.append((replace(shop_order, books=books), result))
        todo = channel._take_known(todo)
        todo = channel._with_goods(todo)
        for batch in split_every(BATCH, todo, list):
            channel._make_batch(batch)
        return results

    # -- steps --------------------------------------------------------------------

    def _jxc_one_channel(self):
        """This channel, for programs that may have forgotten to say which.

        :raise UserError: none is meant, or several
        """
        if len(self) != 1:
            raise UserError(
                self.env._(
                    "This is about one sales channel, and the call names %s. Give the"
                    " id of one channel as “ids”.",
                    len(self),
                )
            )
        return self

    def _check_importer(self):
        """:raise AccessError: the user has no right to all sales orders

        :raise UserError: the channel is archived
        """
        self.check_access("read")
        if not self.active:
            raise UserError(
                self.env._("%s is archived: nothing is sold there.", self.name)
            )
        if not (self.env.su or self.env.user.has_group(ROLE)):
            raise AccessError(
                self.env._(
                    "%(channel)s: orders of shops are imported by users with the right"
                    " to all sales orders.",
                    channel=self.name,
                )
            )

    def _take_known(self, todo):
        """Answer for orders that are there; book what was paid since.

        :return: the others
        """
        known = self.env["sale.order"].search(
            [
                ("jxc_channel_id", "=", self.id),
                ("jxc_channel_number", "in", [one.number for one, _result in todo]),
            ]
        )
        by_number = {order.jxc_channel_number: order for order in known}
        rest = []
        for shop_order, result in todo:
            order = by_number.get(shop_order.number)
            if not order:
                rest.append((shop_order, result))
                continue
            result.update(status="exists", order_id=order.id, order=order.name)
            try:
                with self.env.cr.savepoint():
                    self._book_paid([(shop_order, order)])
            except REFUSALS as error:
                order.invalidate_recordset()
                result["problems"].append(str(error))
                continue
            result["problems"] += self._known_problems(shop_order, order)
        return rest

    def _known_problems(self, shop_order, order):
        """What is left to do about an order that is there: texts."""
        told = []
        if order.state in ("draft", "sent"):
            told.append(
                self.env._("%s is not confirmed yet; its log says why", order.name)
            )
        elif order.state == "cancel":
            told.append(self.env._("%s was cancelled", order.name))
        if shop_order.paid > order.jxc_channel_paid:
            told.append(self._total_problem(shop_order, order))
        told.append(self._unbooked_problem(shop_order, order))
        return list(filter(None, told))

    def _with_goods(self, todo):
        """Find the products; orders with unknown ones are refused.

        :return: list of ``(ShopOrder, result, {sku: (product, unit)})``
        """
        skus = {line.sku for shop_order, _result in todo for line in shop_order.lines}
        goods = self._goods_of(skus)
        found = []
        for shop_order, result in todo:
            result["problems"] += self._goods_problems(shop_order, goods)
            if shop_order.shipping and not self.shipping_product_id:
                result["problems"].append(
                    self.env._(
                        "shipping is charged; choose the product for shipping fees on"
                        " %s",
                        self.name,
                    )
                )
            if not result["problems"]:
                found.append((shop_order, result, goods))
        return found

    def _goods_problems(self, shop_order, goods):
        """What is wrong with the products and quantities of one order: texts."""
        problems = [
            self.env._(
                "sku “%(sku)s” is unknown; add it to the products of %(channel)s",
                sku=sku,
                channel=self.name,
            )
            for sku in sorted({line.sku for line in shop_order.lines} - goods.keys())
        ]
        for line in shop_order.lines:
            product, unit = goods.get(line.sku, (None, None))
            if not product:
                continue
            if not (product.active and product.sale_ok):
                problems.append(
                    self.env._(
                        "sku “%(sku)s” is %(product)s, which is not sold any more",
                        sku=line.sku,
                        product=product.display_name,
                    )
                )
            # Another quantity than the buyer ordered would be a wrong order.
            if float_compare(unit.round(line.quantity), line.quantity, 9) != 0:
                problems.append(
                    self.env._(
                        "sku “%(sku)s”: a quantity of %(quantity)s is finer than"
                        " %(unit)s is counted",
                        sku=line.sku,
                        quantity=line.quantity,
                        unit=unit.name,
                    )
                )
        return problems

    def _goods_of(self, skus):
        """``{sku: (product, unit)}`` of what the channel knows."""
        listed = self.product_ids.filtered(lambda one: one.sku in skus)
        goods = {one.sku: (one.product_id, one.product_uom_id) for one in listed}
        rest = list(skus - goods.keys())
        if not rest or not self.match_codes:
            return goods
        domain = [
            ("sale_ok", "=", True),
            ("company_id", "in", [False, self.company_id.id]),
        ]
        Product = self.env["product.product"]
        for name in ("default_code", "barcode"):
            products = Product.search([*domain, (name, "in", rest)])
            for code, same in products.grouped(name).items():
                # A code of several products says nothing.
                if len(same) == 1:
                    goods.setdefault(code, (same, same.uom_id))
        units = self.env["product.uom"].search(
            [
                ("barcode", "in", rest),
                ("product_id.sale_ok", "=", True),
                ("product_id.company_id", "in", [False, self.company_id.id]),
            ]
        )
        for unit in units:
            goods.setdefault(unit.barcode, (unit.product_id, unit.uom_id))
        return goods

    def _make_batch(self, batch):
        """Make and confirm orders together; one by one when some are refused."""
        try:
            with self._collisions(), self.env.cr.savepoint():
                orders = self._make_orders(batch)
                orders.action_confirm()
                if any(order.state != "sale" for order in orders):
                    # Of a batch the good ones are confirmed; ask each for its reason.
                    raise UserError(self.env._("not all are confirmed"))
                pairs = [
                    (item[0], one) for item, one in zip(batch, orders, strict=True)
                ]
                if any(self._total_problem(*pair) for pair in pairs):
                    raise UserError(self.env._("totals differ"))
                self._book_paid(pairs)
        except REFUSALS:
            self.env.invalidate_all(flush=False)
            for item in batch:
                self._make_alone(item)
            return
        for (shop_order, result, _goods), order in zip(batch, orders, strict=True):
            result["problems"] += filter(
                None, [self._unbooked_problem(shop_order, order)]
            )
            result.update(status="created", order_id=order.id, order=order.name)

    def _make_alone(self, item):
        """Make one order; what keeps it from being confirmed is told."""
        shop_order, result, _goods = item
        try:
            with self._collisions(), self.env.cr.savepoint():
                order = self._make_orders([item])
                self._book_paid([(shop_order, order)])
        except REFUSALS as error:
            self.env.invalidate_all(flush=False)
            result["problems"].append(str(error))
            return
        result.update(status="quotation", order_id=order.id, order=order.name)
        problem = self._total_problem(shop_order, order)
        if problem:
            result["problems"].append(problem)
            text = in_company_lang(self)._total_problem(shop_order, order)
            order.message_post(body=text, subtype_xmlid="mail.mt_note")
            return
        result["problems"] += filter(None, [self._unbooked_problem(shop_order, order)])
        try:
            with self.env.cr.savepoint():
                order.action_confirm()
        except REFUSALS as error:
            self.env.invalidate_all(flush=False)
            result["problems"].append(str(error))
            text = text_for(error, in_company_lang(order).env.lang)
            order.message_post(body=text, subtype_xmlid="mail.mt_note")
            return
        if order.state == "sale":
            result["status"] = "created"
        else:
            result["problems"].append(
                self.env._("%s waits to be released or approved", order.name)
            )

    def _collisions(self):
        """Repeat the call when another one has just made the same order."""
        return _Collisions(self.env)

    # -- values -------------------------------------------------------------------

    def _make_orders(self, batch):
        """:raise UserError: a fee cannot be right"""
        addresses = self._addresses([item[0] for item in batch])
        orders = self.env["sale.order"].create(
            [
                self._prepare_order(shop_order, goods, address)
                for (shop_order, _result, goods), address in zip(
                    batch, addresses, strict=True
                )
            ]
        )
        for (shop_order, _result, _goods), order in zip(batch, orders, strict=True):
            self._check_fee(shop_order, order)
        return orders

    def _prepare_order(self, shop_order, goods, address):
        """Values of one order of the shop."""
        lines = [
            self._prepare_line(line, *goods[line.sku]) for line in shop_order.lines
        ]
        if shop_order.shipping:
            lines.append(
                {
                    "product_id": self.shipping_product_id.id,
                    "product_uom_qty": 1,
                    "price_unit": shop_order.shipping,
                }
            )
        for line in lines:
            if self.tax_ids:
                line["tax_ids"] = [Command.set(self.tax_ids.ids)]
        return {
            "partner_id": self.partner_id.id,
            "partner_shipping_id": address.id,
            "company_id": self.company_id.id,
            "warehouse_id": self.warehouse_id.id,
            "team_id": self.team_id.id,
            "date_order": shop_order.date or fields.Datetime.now(),
            "client_order_ref": shop_order.number,
            "origin": f"{self.code}/{shop_order.number}",
            "jxc_channel_id": self.id,
            "jxc_channel_number": shop_order.number,
            "jxc_channel_date": shop_order.date,
            "jxc_channel_fee": shop_order.fee,
            "note": shop_order.note and plaintext2html(shop_order.note),
            "order_line": [Command.create(line) for line in lines],
        }

    def _prepare_line(self, line, product, unit):
        """Values of one line of an order of the shop."""
        return {
            "product_id": product.id,
            "product_uom_id": unit.id,
            "product_uom_qty": line.quantity,
            "price_unit": line.price,
            "discount": line.discount,
        }


class _Collisions:
    """Turns a number that somebody else has just taken into a repetition of the call.

    At REPEATABLE READ this transaction cannot see the other order; a new one can, and
    answers "exists".
    """

    def __init__(self, env):
        self.env = env

    def __enter__(self):
        return self

    def __exit__(self, kind, error, _traceback):
        if isinstance(error, psycopg2.errors.UniqueViolation) and (
            "jxc_channel_number" in (error.diag.constraint_name or "")
        ):
            raise ConcurrencyError(
                self.env._("The same order of the shop was made at the same moment.")
            ) from error
        return False

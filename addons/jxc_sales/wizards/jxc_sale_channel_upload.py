# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import base64
import binascii
from pathlib import PurePath

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.jxc_base.tools.importing import (
    ImportRefused,
    Limits,
    Problem,
    read_upload,
)
from odoo.addons.jxc_base.tools.importing.csv_reader import read_csv

from ..tools.channel_file import read_tables


class JxcSaleChannelUpload(models.TransientModel):
    """Takes the orders of a shop from a file."""

    _name = "jxc.sale.channel.upload"
    _description = "Upload of Orders of a Shop"

    channel_id = fields.Many2one(
        comodel_name="jxc.sale.channel",
        required=True,
    )
    upload = fields.Binary(
        string="File",
        attachment=False,
        help="Workbook (.xlsx) or CSV UTF-8, a row per line of an order.",
    )
    upload_name = fields.Char(
        export_string_translation=False,
    )
    line_ids = fields.One2many(
        comodel_name="jxc.sale.channel.upload.line",
        inverse_name="upload_id",
        string="Orders",
        readonly=True,
    )

    def action_upload(self):
        """Import the orders of the file and show what became of each.

        A file that cannot be read is refused whole, with all its problems; orders are
        then judged one by one, see ``jxc.sale.channel.import_orders``.

        :return: action that shows this wizard again, with the results
        :raise ImportRefused: with all problems of the file
        """
        self.ensure_one()
        orders = self._read()
        results = []
        step = 1000
        for start in range(0, len(orders), step):
            results += self.channel_id.import_orders(orders[start : start + step])
        self.line_ids = [Command.clear()] + [
            Command.create(
                {
                    "number": result["number"],
                    "status": result["status"],
                    "order_id": result["order_id"],
                    "problems": "\n".join(result["problems"]),
                }
            )
            for result in results
        ]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Orders of %s", self.channel_id.name),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _read(self):
        """:return: orders as objects for ``import_orders``"""
        if not self.upload:
            raise UserError(self.env._("Choose a file (.xlsx or .csv)."))
        try:
            content = base64.b64decode(self.upload, validate=True)
        except (binascii.Error, ValueError) as error:
            raise UserError(self.env._("The upload is damaged, try again.")) from error
        name = self.upload_name or "orders.xlsx"
        if name.lower().endswith(".csv") and len(content) <= Limits.FILE_BYTES:
            table, problems = read_csv(PurePath(name).stem, content)
            tables = [table] if table else []
        else:
            tables, problems = read_upload(name, content)
        orders, found = read_tables(tables)
        problems += found
        if not orders and not problems:
            problems.append(Problem(name, None, None, self.env._("holds no orders")))
        self._refuse(problems)
        return orders

    def _refuse(self, problems):
        if not problems:
            return
        texts = [
            Problem(one.file, one.row, one.column, self._text(one.message))
            for one in problems
        ]
        hidden = len(texts) - ImportRefused.SHOWN
        raise ImportRefused(
            self.env._(
                "No order was imported: %(count)s problems to correct.",
                count=len(texts),
            ),
            texts,
            self.env._("… and %(count)s more", count=hidden) if hidden > 0 else "",
        )

    def _text(self, message):
        return message if isinstance(message, str) else self.env._(message)

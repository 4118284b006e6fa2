# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import base64
import binascii
import json

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL
from odoo.tools.mimetypes import guess_mimetype

KINDS = [
    ("receive", "Receive"),
    ("put_away", "Put Away"),
    ("pick", "Pick"),
    ("transfer", "Transfer"),
    ("count", "Count"),
]
KEY_LENGTHS = range(16, 65)
MAX_LINES = 500
MAX_PHOTOS = 10
MAX_PHOTO_BYTES = 5_000_000
PHOTO_TYPES = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


class JxcFloorOperation(models.Model):
    """现场作业: what somebody did on the floor, sent by a device, done once.

    A device that lost its connection cannot know whether its message came through, so
    it sends it again with the same key; the record here is how the server knows.
    """

    _name = "jxc.floor.operation"
    _description = "Floor Operation"
    _order = "id desc"
    _rec_name = "key"

    key = fields.Char(required=True, readonly=True)
    kind = fields.Selection(selection=KINDS, required=True, readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        index=True,
    )
    picking_id = fields.Many2one(
        comodel_name="stock.picking",
        string="Transfer Document",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    payload = fields.Json(readonly=True)
    result = fields.Json(readonly=True)

    _key_unique = models.Constraint(
        "UNIQUE (key)",
        "This operation has been sent before.",
    )

    @api.model
    def submit(self, key, kind, payload):
        """Do what a device reports, once for each key. For RPC and devices.

        All or nothing: an operation that is refused leaves no trace and may be sent
        again, changed or not. Everything happens with the rights of the user, by the
        platform's own methods.

        :param key: 16 to 64 characters made by the device, the same when it sends the
            same thing again
        :param kind: "receive", "put_away", "pick", "transfer" or "count"
        :param payload: dict; ``lines``: list of dicts with product_id and
            quantity_text ("3箱5瓶", or a number of the product's unit) and maybe
            lot_name, location_id, location_dest_id; for goods with an auxiliary unit
            maybe aux_quantity (number) and aux_reason. To process a document:
            picking_id and ``finish`` (validate it; what is missing becomes a
            backorder). To transfer: location_id and location_dest_id. To count:
            count_id, and lines with barcode and maybe quantity_text and lot_name.
            ``release_reason``: text, why held goods become available; needed when
            they do, with the right “Stock Control”.
            ``photos``: list of dicts with name and data (base64); they are posted to
            the document or the count
        :return: dict with ``repeated`` (it had been done before), ``message`` and, of
            the document, picking_id, name, state and ``backorder`` (name or False)
        :raise UserError: when it cannot be done; says why and what to do
        :raise AccessError: without the right to do it
        """
        self._check_floor_user(kind)
        self._check_shape(key, kind, payload)
        before = self.sudo().search([("key", "=", key)])
        if before:
            return before._repeated(self.env.user, kind)
        operation = self._claim(key, kind, payload)
        result = getattr(self, f"_do_{kind}")(payload, key)
        operation.write(
            {"result": result, "picking_id": result.get("picking_id") or False}
        )
        return {**result, "repeated": False}

    @api.model
    def _check_floor_user(self, kind=None):
        """Stock users do everything; who only counts may do that."""
        groups = "stock.group_stock_user"
        if kind == "count":
            groups += ",jxc_stock.group_stock_counter"
        if not self.env.user.has_groups(groups):
            raise AccessError(
                self.env._("You need the inventory role to work on the floor.")
            )

    @api.model
    def _check_shape(self, key, kind, payload):
        if not isinstance(key, str) or len(key) not in KEY_LENGTHS:
            raise UserError(
                self.env._("The key of an operation has 16 to 64 characters.")
            )
        if kind not in dict(KINDS):
            raise UserError(
                self.env._("“%(kind)s” is no operation of the floor.", kind=kind)
            )
        lines = payload.get("lines") if isinstance(payload, dict) else None
        good = isinstance(lines, list) and all(isinstance(one, dict) for one in lines)
        good = good and isinstance(payload.get("photos") or [], list)
        if not good or len(lines) > MAX_LINES:
            raise UserError(
                self.env._(
                    "An operation is a dict with a list of at most %(count)s lines.",
                    count=MAX_LINES,
                )
            )
        # A scanner that stutters sends it; the database keeps no text with it.
        if "\0" in key or "\\u0000" in json.dumps({**payload, "photos": None}):
            raise UserError(self.env._("A code holds a character that is none."))

    @api.model
    def _claim(self, key, kind, payload):
        """Store the key. Whoever sends the same at the same moment waits here, and
        starts over when this transaction is done: then the result is there."""
        record = {**payload, "photos": len(payload.get("photos") or [])}
        model = self.sudo()
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO jxc_floor_operation
                            (key, kind, user_id, company_id, create_uid, create_date,
                             write_uid, write_date)
                     VALUES (%(key)s, %(kind)s, %(user)s, %(company)s, %(user)s,
                             now() AT TIME ZONE 'UTC', %(user)s,
                             now() AT TIME ZONE 'UTC')
                ON CONFLICT (key) DO NOTHING
                  RETURNING id
                """,
                key=key,
                kind=kind,
                user=self.env.uid,
                company=self.env.company.id,
            )
        )
        if not rows:
            raise UserError(
                self.env._("This operation is being done right now: send it again.")
            )
        operation = model.browse(rows[0][0])
        operation.payload = record
        return operation

    def _repeated(self, user, kind):
        """The answer to who sends the same again."""
        if self.user_id != user or self.kind != kind:
            raise AccessError(
                self.env._(
                    "The key %(key)s belongs to another operation.", key=self.key
                )
            )
        return {**(self.result or {}), "repeated": True}

    # What can be done ---------------------------------------------------------------

    @api.model
    def _do_receive(self, payload, key):
        return self._process(payload, ("incoming",))

    @api.model
    def _do_put_away(self, payload, key):
        if payload.get("picking_id"):
            return self._process(payload, ("internal",))
        return self._move(payload)

    @api.model
    def _do_pick(self, payload, key):
        return self._process(payload, ("outgoing", "internal"))

    @api.model
    def _do_transfer(self, payload, key):
        return self._move(payload)

    @api.model
    def _do_count(self, payload, key):
        """Enter into a sheet what was scanned: places and goods, in their order."""
        count = self._browse("jxc.stock.count", payload.get("count_id"))
        if not payload["lines"]:
            raise UserError(self.env._("Nothing was counted."))
        sheet = count._find_or_create_sheet()
        counted = []
        for number, line in enumerate(payload["lines"]):
            scanned = sheet.scan(
                str(line.get("barcode") or ""),
                line.get("quantity_text") or None,
                f"{key}-{number}",
                aux_quantity=line.get("aux_quantity") or None,
                lot_name=line.get("lot_name") or None,
            )
            counted += filter(None, [scanned.get("product")])
        # Who only counts may not write on the count; scan() asked whether they may
        # enter into it.
        self._attach_photos(count.sudo(), payload.get("photos"), counted)
        return {
            "message": self.env._(
                "%(count)s entries in %(sheet)s",
                count=len(payload["lines"]),
                sheet=sheet.display_name,
            )
        }

    # Photos ---------------------------------------------------------------------------

    @api.model
    def _attach_photos(self, document, photos, goods=()):
        """Post the photos to the document, in the name of the user.

        :param goods: names of what they belong to, when that is not all of it
        """
        if not photos:
            return
        if len(photos) > MAX_PHOTOS:
            raise UserError(
                self.env._(
                    "At most %(count)s photos go with one operation.", count=MAX_PHOTOS
                )
            )
        files = []
        for number, photo in enumerate(photos, start=1):
            content = self._read_photo(photo)
            ending = PHOTO_TYPES[guess_mimetype(content)]
            files.append(
                (f"{document.name}-{number}.{ending}".replace("/", "-"), content)
            )
        body = self.env._("Photos from the floor")
        if goods:
            names = ", ".join(dict.fromkeys(goods))
            body = self.env._("Photos from the floor: %(goods)s", goods=names)
        document.message_post(body=body, attachments=files)

    @api.model
    def _read_photo(self, photo):
        data = photo.get("data") if isinstance(photo, dict) else None
        try:
            content = base64.b64decode(data or "", validate=True)
        except (binascii.Error, TypeError, ValueError):
            content = b""
        if (
            not content
            or len(content) > MAX_PHOTO_BYTES
            or guess_mimetype(content) not in PHOTO_TYPES
        ):
            raise UserError(
                self.env._("A photo is a JPEG, PNG or WebP picture of at most 5 MB.")
            )
        return content

    @api.model
    def _browse(self, model, number):
        """A record that exists and that the user may read."""
        known = isinstance(number, int) and not isinstance(number, bool)
        record = self.env[model].browse(number if known else 0)
        if not record.exists():
            raise UserError(
                self.env._(
                    "%(model)s %(number)s does not exist any more.",
                    model=self.env[model]._description,
                    number=number,
                )
            )
        record.check_access("read")
        return record

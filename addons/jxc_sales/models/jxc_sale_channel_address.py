# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.fields import Domain

#: Two buyers with all of these alike are one address.
ADDRESS_FIELDS = (
    "name",
    "phone",
    "email",
    "street",
    "street2",
    "city",
    "state_id",
    "zip",
)


class JxcSaleChannel(models.Model):
    """Finds or makes the delivery addresses of a shop's buyers."""

    _inherit = "jxc.sale.channel"

    def _addresses(self, shop_orders):
        """Delivery addresses of the buyers; known ones are used again.

        :param shop_orders: list of ShopOrder
        :return: list of res.partner, one for each; the customer where the shop does not
            say who the buyer is
        """
        states = self._buyer_states(shop_orders)
        wanted = [
            self._prepare_address(one.buyer, states) if one.buyer["name"] else None
            for one in shop_orders
        ]
        known = self._known_addresses({values["name"] for values in wanted if values})
        new = {}
        for values in filter(None, wanted):
            key = _key_of(values)
            if key not in known:
                new[key] = values
        made = self.env["res.partner"].create(list(new.values()))
        known.update(zip(new, made, strict=True))
        return [
            known[_key_of(values)] if values else self.partner_id for values in wanted
        ]

    def _known_addresses(self, names):
        """``{key: res.partner}`` of the buyers with these names.

        A shop has more buyers than fit into memory, so only these are read.
        """
        if not names:
            return {}
        domain = Domain("parent_id", "=", self.partner_id.id)
        domain &= Domain("type", "=", "delivery") & Domain("name", "in", list(names))
        known = {}
        for partner in self.env["res.partner"].search(domain, order="id"):
            values = {name: partner[name] for name in ADDRESS_FIELDS}
            known.setdefault(
                _key_of({**values, "state_id": partner.state_id.id}), partner
            )
        return known

    def _buyer_states(self, shop_orders):
        """``{name: res.country.state}`` of the provinces that buyers name."""
        names = {one.buyer["state"] for one in shop_orders} - {""}
        domain = [
            ("country_id", "=", self._buyer_country().id),
            ("name", "in", [*names]),
        ]
        found = self.env["res.country.state"].search(domain) if names else ()
        return {state.name: state for state in found}

    def _buyer_country(self):
        return self.partner_id.country_id or self.company_id.country_id

    def _prepare_address(self, buyer, states):
        """Values of the delivery address of one buyer."""
        values = {name: value for name, value in buyer.items() if name != "state"}
        state = states.get(buyer["state"])
        if buyer["state"] and not state:
            # A province that is not in the list is still part of the address.
            values["city"] = " ".join(filter(None, (buyer["state"], buyer["city"])))
        return {
            **values,
            "type": "delivery",
            "parent_id": self.partner_id.id,
            "country_id": self._buyer_country().id,
            "state_id": state.id if state else False,
            "company_id": self.partner_id.company_id.id,
        }


def _key_of(values):
    return tuple(values[name] or "" for name in ADDRESS_FIELDS)

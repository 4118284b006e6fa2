# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from contextlib import nullcontext

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from odoo.addons.jxc_base.tools.importing import is_history

from ..tools import marks
from ..tools.price import NOISE, added_up, change_percent

PRICE_MANAGER = "jxc_sales.group_price_manager"
#: How many days the changes of a price that nobody agreed to are added up.
DAYS = 30


class JxcPriceWatch(models.AbstractModel):
    """Something with sales prices: changes are logged, large ones need approval."""

    _name = "jxc.price.watch"
    _description = "Record with Watched Prices"

    #: Fields whose changes are logged.
    _jxc_price_fields = ()

    def write(self, vals):
        """Log changes of prices.

        :raise AccessError: a change that needs approval, by who may not make it
        """
        names = [name for name in self._jxc_price_fields if name in vals]
        if not names:
            return super().write(vals)
        before = {record: record._jxc_price_values(names) for record in self.sudo()}
        measures = {record: record._jxc_price_measures() for record in self.sudo()}
        # Refused prices are taken back here, should a caller swallow the error.
        free = self._jxc_may_change_prices()
        with nullcontext() if free else self.env.cr.savepoint():
            result = super().write(vals)
            self._jxc_settle_prices(before, measures)
        return result

    def _jxc_may_change_prices(self):
        """Whether prices change here by as much as one likes."""
        return bool(
            self.env.user.has_group(PRICE_MANAGER)
            or marks.price_change_of(self.env)
            or is_history(self.env)
            or not self.env.registry.ready
        )

    def _jxc_price_values(self, names):
        """Return ``{field: value}`` of this record."""
        return {name: self[name] for name in names}

    def _jxc_price_measures(self):
        """Return ``{key: price}`` by which changes of this record are measured: hook.

        Only prices with the same key are compared; one that disappears, or changes its
        key, counts as a change of 100 %.
        """
        return {}

    def _jxc_price_names(self):
        """Return values of the log that tell what the record is: hook."""
        return {}

    def _jxc_price_tells_costs(self, changed):
        """Whether the change is for those only who may see costs: hook.

        :param changed: ``{field: old value}``
        """
        return False

    def _jxc_price_label(self):
        """What the log calls this record: hook."""
        self.ensure_one()
        return self.display_name

    def _jxc_settle_prices(self, before, measures):
        """Log what changed since ``before``; refuse what needs approval."""
        changes, drifts = [], {}
        if not self._jxc_may_change_prices():
            drifts = self.sudo()._jxc_price_drifts()
        for record, values in before.items():
            changed = {
                name: old for name, old in values.items() if _differs(old, record[name])
            }
            if changed:
                percent = record._jxc_price_percent(measures[record])
                steps = record._jxc_price_steps(measures[record])
                record._jxc_check_price_change(percent)
                record._jxc_check_price_drift(steps, drifts.get(record, {}))
                changes.append((record, changed, percent, steps))
        self._jxc_log_prices(changes)

    def _jxc_price_percent(self, before):
        """The largest change since ``before``, in percent, down below zero."""
        now = self._jxc_price_measures()
        percents = [
            change_percent(old, now[key]) if key in now else -100.0
            for key, old in before.items()
        ]
        return max(percents, key=abs, default=0.0)

    def _jxc_check_price_change(self, percent):
        """:raise AccessError: naming the record, the change and the way out"""
        if self._jxc_may_change_prices():
            return
        limit = self._jxc_price_limit()
        if limit and abs(percent) > limit + NOISE:
            raise AccessError(
                self.env._(
                    "%(record)s: a change of %(percent)s %% needs approval, as all"
                    " beyond %(limit)s %%. Propose it as a price change (Sales >"
                    " Products > Price Changes).",
                    record=self.sudo().display_name,
                    percent=f"{percent:+.1f}",
                    limit=f"{limit:g}",
                )
            )

    def _jxc_check_price_drift(self, steps, drift):
        """Refuse a change that adds up to a large one with others of the last days.

        :param steps: as :meth:`_jxc_price_steps`
        :param drift: of this record, see :meth:`_jxc_price_drifts`
        :raise AccessError: naming the record, the change in all and the way out
        """
        if self._jxc_may_change_prices() or not drift:
            return
        limit = self._jxc_price_limit()
        totals = [added_up(drift.get(key, 0.0), step) for key, step in steps.items()]
        total = max(totals, key=abs, default=0.0)
        if limit and abs(total) > limit + NOISE:
            raise AccessError(
                self.env._(
                    "%(record)s: with the changes of the last %(days)s days that nobody"
                    " approved, its price changes by %(percent)s %%. All beyond"
                    " %(limit)s %% needs approval. Propose it as a price change (Sales"
                    " > Products > Price Changes).",
                    record=self.sudo().display_name,
                    days=DAYS,
                    percent=f"{total:+.1f}",
                    limit=f"{limit:g}",
                )
            )

    def _jxc_price_limit(self):
        """The strictest limit of the companies that sell at this price, in percent."""
        company = self.sudo()._jxc_price_names().get("company_id")
        companies = self.env["res.company"].sudo()
        domain = Domain("jxc_price_change_percent", ">", 0)
        if company:
            domain &= Domain("id", "=", company)
        return min(
            companies.search(domain).mapped("jxc_price_change_percent"), default=0.0
        )

    def _jxc_log_prices(self, changes):
        """Write changes into the log, in the language of the company.

        :param changes: list of (record, {field: old value}, percent, {key: percent}),
            the last as :meth:`_jxc_price_steps` returns it
        """
        lang = self.env.company._jxc_lang()
        changes = [
            (record.with_context(lang=lang), *others) for record, *others in changes
        ]
        mark = marks.price_change_of(self.env)
        change = mark.change if mark else self.env["jxc.price.change"]
        reason = change.reason or self.env.context.get("jxc_price_reason")
        is_agreed = self._jxc_is_agreed()
        self.env["jxc.price.log"].sudo().create(
            [
                {
                    **record._jxc_price_names(),
                    "what": f"{record._jxc_price_label()}, "
                    f"{record._fields[name]._description_string(record.env)}",
                    "old_text": record._jxc_price_text(name, old),
                    "new_text": record._jxc_price_text(name, record[name]),
                    "percent": percent,
                    "tells_costs": record._jxc_price_tells_costs(changed),
                    "user_id": (change.user_id or self.env.user).id,
                    "approver_ids": change.approver_ids.ids,
                    "reason": reason if isinstance(reason, str) else False,
                    "change_id": change.id,
                    "res_model": record._name,
                    "res_id": record.id,
                    # Once for all fields of one change: it is one step.
                    "steps": False if number else steps,
                    "is_agreed": is_agreed,
                }
                for record, changed, percent, steps in changes
                for number, (name, old) in enumerate(changed.items())
            ]
        )

    def _jxc_price_text(self, name, value):
        field = self._fields[name]
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, value)
        if field.relational:
            return value.display_name
        if isinstance(value, float):
            return f"{value:.6f}".rstrip("0").rstrip(".")
        return str(value) if value else ""


def _differs(old, new):
    if isinstance(old, float):
        return abs(new - old) > NOISE
    return old != new


class ProductTemplate(models.Model):
    _name = "product.template"
    _inherit = ["jxc.price.watch", "product.template"]

    _jxc_price_fields = ("list_price", "jxc_min_price")

    def _jxc_price_measures(self):
        return {"list_price": self.list_price, "jxc_min_price": self._jxc_base_floor()}

    def _jxc_base_floor(self):
        """The lowest price of one base unit: its own, or the one units bring."""
        return self.jxc_min_price or self._jxc_floor(self.uom_id)

    def _jxc_price_names(self):
        return {"product_tmpl_id": self.id, "company_id": self.company_id.id}


class ProductProduct(models.Model):
    _inherit = "product.product"

    @api.model_create_multi
    def create(self, vals_list):
        """Give new products their price at once.

        The platform makes them at 1 and writes the price of the variant afterwards,
        which would be a change of prices.
        """
        if not self.env.context.get("uom"):
            for vals in vals_list:
                if "lst_price" in vals and not vals.get("product_tmpl_id"):
                    vals.setdefault("list_price", vals["lst_price"])
        return super().create(vals_list)


class JxcProductUnit(models.Model):
    _name = "jxc.product.unit"
    _inherit = ["jxc.price.watch", "jxc.product.unit"]

    _jxc_price_fields = ("list_price", "min_price", "factor")

    def _jxc_price_measures(self):
        # Of one base unit: the same price for more of it is a change as well.
        content = self.factor or 1.0
        return {
            "list_price": self._jxc_price_of_unit() / content,
            "min_price": self._jxc_floor_of_unit() / content,
        }

    def _jxc_price_of_unit(self):
        """What one of this unit costs: its own price, or that of what is in it."""
        return self.list_price or self.product_tmpl_id.list_price * (self.factor or 1.0)

    def _jxc_floor_of_unit(self):
        """The lowest price of this unit: its own, or that of what is in it."""
        if self.min_price or not self.uom_id:
            return self.min_price
        return self.product_tmpl_id._jxc_floor(self.uom_id)

    def _jxc_price_names(self):
        return {
            "unit_id": self.id,
            "product_tmpl_id": self.product_tmpl_id.id,
            "company_id": self.product_tmpl_id.company_id.id,
        }

    def _jxc_price_label(self):
        return f"{self.product_tmpl_id.display_name} {self.display_name}"

    @api.model_create_multi
    def create(self, vals_list):
        units = super().create(vals_list)
        changes = []
        for unit in units.sudo().filtered(lambda one: one.list_price or one.min_price):
            template, content = unit.product_tmpl_id, unit.factor or 1.0
            known = {
                "list_price": template.list_price * content,
                "min_price": template._jxc_floor(unit.uom_id, without=unit),
            }
            for name, old in known.items():
                if not unit[name] or (name == "min_price" and not old):
                    continue
                percent = change_percent(old, unit[name])
                unit.with_env(self.env)._jxc_check_price_change(percent)
                changes.append((unit, {name: 0.0}, percent, {name: percent}))
        self._jxc_log_prices(changes)
        return units


class ProductTemplateAttributeValue(models.Model):
    _name = "product.template.attribute.value"
    _inherit = ["jxc.price.watch", "product.template.attribute.value"]

    _jxc_price_fields = ("price_extra",)

    def _jxc_price_label(self):
        return f"{self.product_tmpl_id.display_name} {self.display_name}"

    def _jxc_price_measures(self):
        return {"price": self.product_tmpl_id.list_price + self.price_extra}

    def _jxc_price_names(self):
        return {
            "product_tmpl_id": self.product_tmpl_id.id,
            "company_id": self.product_tmpl_id.company_id.id,
        }

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""What Odoo 19 dropped or renamed: the tables that check_odoo19.py looks up."""

OLD_MODELS = {
    "procurement.group": "stock.reference",
    "product.packaging": "uom_ids and product.uom",
    "uom.category": "relative_uom_id of uom.uom",
    "stock.valuation.layer": "stock.move.value and product.value",
    "stock.quant.package": "stock.package",
    "sale.order.option": "plain order lines",
    "ir.property": "company dependent fields and ir.default",
}
OLD_NAMES = {
    "groups_id": "group_ids (explicit) or all_group_ids",
    "trans_implied_ids": "all_implied_ids",
    "detailed_type": "type and is_storable",
    "uom_po_id": "product_uom_id of product.supplierinfo",
    "factor_inv": "factor",
    "quantity_done": "quantity and picked",
    "qty_done": "quantity and picked",
    "reserved_availability": "quantity",
    "move_ids_without_package": "move_ids",
    "procurement_group_id": "reference_ids",
    "scrap_location": "usage 'inventory'",
    "tax_id": "tax_ids",
    "mobile": "phone",
    "property_stock_account_input_categ_id": "valuation accounts of locations",
    "property_stock_account_output_categ_id": "valuation accounts of locations",
}
OLD_CALLS = {
    "read_group": "_read_group or formatted_read_group",
    "name_get": "display_name",
    "toggle_active": "action_archive or action_unarchive",
    "check_access_rights": "check_access or has_access",
    "check_access_rule": "check_access or has_access",
    "_filter_access_rules": "_filtered_access",
    "_check_recursion": "not _has_cycle",
    "user_has_groups": "env.user.has_group",
    "invalidate_cache": "invalidate_model or invalidate_recordset",
    "fields_view_get": "get_view",
}
OLD_METHODS = {
    "name_get": "_compute_display_name",
    "_name_search": "_search_display_name or _rec_names_search",
}
OLD_FIELD_PARAMETERS = {
    "group_operator": "aggregator",
    "auto_join": "bypass_search_access",
    "states": "readonly expressions in the view",
    "track_visibility": "tracking",
    "oldname": "a migration script",
}
OLD_IMPORTS = {
    "odoo.osv": "odoo.fields.Domain",
    "odoo.orm": "odoo.api, odoo.fields or odoo.models",
    "odoo.registry": "odoo.modules.registry.Registry",
}
ORDER_MODELS = {
    "sale.order",
    "sale.order.line",
    "purchase.order",
    "purchase.order.line",
}
ORDER_VARIABLES = {"order", "sale_order", "purchase_order"}
ORDER_LINKS = {"order_id", "sale_id", "purchase_id", "sale_order_id"}
SEARCHES = {"search", "search_count", "search_fetch", "search_read", "_read_group"}

#: what a file that converts quantities asks somewhere
UNIT_CHECKS = ("_has_common_reference", "_jxc_check_unit")
RULES = {
    "sql-constraints": "_sql_constraints is ignored; use models.Constraint",
    "old-method": "overriding it has no effect any more",
    "old-decorator": "@api.multi, @api.one and @api.returns are gone",
    "create-single": "create receives a list; use @api.model_create_multi",
    "field-parameter": "the parameter is ignored",
    "old-call": "the method was replaced",
    "old-import": "the module is not meant for addons any more",
    "old-name": "the field was renamed or removed",
    "old-model": "the model was removed",
    "precision-name": 'the precision is called "Product Unit"',
    "route-json": 'the route type is called "jsonrpc"',
    "order-state-done": "orders have no state 'done'; use locked",
    "storable-type": "type 'product' is gone; use consu with is_storable",
    "unit-unchecked": "_compute_quantity does not refuse foreign units;"
    " ask _has_common_reference or _jxc_check_unit first",
    "domain-operator": "use != or =",
    "search-count": "search(count=True) is gone; use search_count",
    "test-tags": 'tag test classes "post_install", "-at_install"',
    "xml-tree": "list views are <list>",
    "xml-view-mode": "the view mode is called list",
    "xml-attrs": "attrs= and states= are gone; use invisible, readonly, required",
    "xml-chatter": "the chatter is <chatter/>",
    "xml-kanban-box": 'the kanban template is called "card"',
    "xml-search-group": "<group> in a search view takes no expand or string",
    "xml-shortcut": "the shortcut tag is skipped silently; use <record>",
    "xml-group-category": "groups have privilege_id, not category_id or users",
    "xml-cron": "crons have no numbercall and no doall",
    "xml-inline": 'target "inline" is gone',
    "xml-old-name": "the field or model was renamed or removed",
    "xml-t-esc": "t-esc and t-raw are t-out now",
    "xml-string-locator": "locate by name or hasclass(), not by @string",
    "xml-view-groups": "an extension view record takes no groups",
    "acl-group": "an access line without a group is open to everybody",
    "js-service": "rpc and user are imports, not services",
    "js-header": "the @odoo-module comment is not needed",
}

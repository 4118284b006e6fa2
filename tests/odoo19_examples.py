# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""For every rule of scripts/check_odoo19.py: a text it must catch, one it must pass."""

ORDER_CLASS = 'class X(models.Model):\n    _inherit = "sale.order"\n'
TEST_CLASS = "class TestX(TransactionCase):\n    def test_x(self):\n        pass\n"
GROUP = '<odoo><record model="res.groups" id="g">%s</record></odoo>'
CRON = '<odoo><record model="ir.cron" id="c">%s</record></odoo>'
ACTION = '<odoo><record model="ir.actions.act_window" id="a">%s</record></odoo>'
VIEW = '<odoo><record model="ir.ui.view" id="v">%s</record></odoo>'
INHERIT = '<field name="inherit_id" ref="x.y"/>'
GROUPS = '<field name="group_ids" eval="[]"/>'
ACL = "id,name,model_id:id,group_id:id,perm_read\n"

# rule: (file name, wrong text, right text)
EXAMPLES = {
    "sql-constraints": (
        "x.py",
        "class X(models.Model):\n    _sql_constraints = [('a', 'UNIQUE (a)', 'b')]",
        "class X(models.Model):\n    _a = models.Constraint('UNIQUE (a)', 'b')",
    ),
    "old-method": (
        "x.py",
        "def _name_search(self): pass",
        "def _search_display_name(self, operator, value): pass",
    ),
    "old-decorator": ("x.py", "@api.multi\ndef f(self): pass", "def f(self): pass"),
    "create-single": (
        "x.py",
        "@api.model\ndef create(self, vals): pass",
        "@api.model_create_multi\ndef create(self, vals_list): pass",
    ),
    "field-parameter": (
        "x.py",
        "x = fields.Float(group_operator='sum')",
        "x = fields.Float(aggregator='sum')",
    ),
    "old-call": ("x.py", "self.read_group([])", "self._read_group([])"),
    "old-import": (
        "x.py",
        "from odoo.osv import expression",
        "from odoo.fields import Domain",
    ),
    "old-name": ("x.py", "user.write({'groups_id': []})", "user.all_group_ids"),
    "old-model": (
        "x.py",
        "self.env['procurement.group']",
        "self.env['stock.reference']",
    ),
    "precision-name": (
        "x.py",
        "x = fields.Float(digits='Product Unit of Measure')",
        "x = fields.Float(digits='Product Unit')",
    ),
    "route-json": (
        "x.py",
        "@http.route('/x', type='json')\ndef f(self): pass",
        "@http.route('/x', type='jsonrpc')\ndef f(self): pass",
    ),
    "order-state-done": (
        "x.py",
        f'{ORDER_CLASS}    def f(self):\n        return self.state == "done"',
        "class X(models.Model):\n"
        "    _inherit = 'stock.picking'\n"
        "    def f(self):\n        return self.state == 'done'",
    ),
    "storable-type": (
        "x.py",
        "create({'type': 'product'})",
        "create({'type': 'consu', 'is_storable': True})",
    ),
    "unit-unchecked": (
        "x.py",
        "unit._compute_quantity(1, other)",
        "if unit._has_common_reference(other):\n    unit._compute_quantity(1, other)",
    ),
    "domain-operator": ("x.py", "[('a', '<>', 1)]", "[('a', '!=', 1)]"),
    "search-count": ("x.py", "m.search([], count=True)", "m.search_count([])"),
    "test-tags": (
        "tests/test_x.py",
        f"@tagged('post_install')\n{TEST_CLASS}",
        f"@tagged('post_install', '-at_install')\n{TEST_CLASS}",
    ),
    "xml-tree": ("x.xml", "<odoo><tree/></odoo>", "<odoo><list/></odoo>"),
    "xml-view-mode": (
        "x.xml",
        ACTION % '<field name="view_mode">tree,form</field>',
        ACTION % '<field name="view_mode">list,form</field>',
    ),
    "xml-attrs": (
        "x.xml",
        """<form><field name="a" attrs="{'invisible': True}"/></form>""",
        """<form><field name="a" invisible="True"/></form>""",
    ),
    "xml-chatter": (
        "x.xml",
        '<form><div class="oe_chatter"/></form>',
        "<form><chatter/></form>",
    ),
    "xml-kanban-box": ("x.xml", '<t t-name="kanban-box"/>', '<t t-name="card"/>'),
    "xml-search-group": (
        "x.xml",
        '<search><group expand="0"/></search>',
        '<search><group/></search><!-- <group expand="0"/> -->',
    ),
    "xml-shortcut": (
        "x.xml",
        '<odoo><act_window id="a"/></odoo>',
        '<odoo><menuitem id="a"/></odoo>',
    ),
    "xml-group-category": (
        "x.xml",
        GROUP % '<field name="category_id" ref="x.y"/>',
        GROUP % '<field name="privilege_id" ref="x.y"/>',
    ),
    "xml-cron": (
        "x.xml",
        CRON % '<field name="numbercall">-1</field>',
        CRON % '<field name="interval_number">1</field>',
    ),
    "xml-inline": (
        "x.xml",
        ACTION % '<field name="target">inline</field>',
        ACTION % '<field name="target">current</field>',
    ),
    "xml-old-name": (
        "x.xml",
        '<form><field name="groups_id"/></form>',
        '<form><field name="group_ids"/></form>',
    ),
    "xml-t-esc": ("x.xml", '<t t-esc="a"/>', '<t t-out="a"/>'),
    "xml-string-locator": (
        "x.xml",
        """<xpath expr="//page[@string='A']"/>""",
        """<xpath expr="//page[@name='a']"/>""",
    ),
    "xml-view-groups": ("x.xml", VIEW % (INHERIT + GROUPS), VIEW % INHERIT),
    "acl-group": (
        "ir.model.access.csv",
        f"{ACL}a,a,model_a,,1\n",
        f"{ACL}a,a,model_a,base.group_user,1\n",
    ),
    "js-service": ("x.js", 'useService("rpc");', 'useService("orm");'),
    "js-header": ("x.js", "/** @odoo-module **/", "import { rpc } from '@web/x';"),
}

import { expect, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { mailModels } from "@mail/../tests/mail_test_helpers";

const SPEC = {
    base: "瓶",
    uom_id: 1,
    aliases: [],
    digits: 2,
    units: [
        { name: "箱", factor: "12", in_compound: true },
        { name: "提", factor: "6", in_compound: true },
    ],
    factors: { 1: "1", 2: "12" },
};

class Uom extends models.Model {
    _name = "uom.uom";
    name = fields.Char();
    _records = [
        { id: 1, name: "瓶" },
        { id: 2, name: "箱(12瓶)" },
    ];
}

class Line extends models.Model {
    _name = "order.line";
    quantity = fields.Float();
    product_uom_id = fields.Many2one({ relation: "uom.uom" });
    jxc_unit_spec = fields.Json();
    _records = [
        { id: 1, quantity: 5, product_uom_id: 1, jxc_unit_spec: SPEC },
        { id: 2, quantity: 3, product_uom_id: 2, jxc_unit_spec: SPEC },
        { id: 3, quantity: 7, product_uom_id: 1, jxc_unit_spec: false },
    ];
}

defineModels({ ...mailModels, Uom, Line });

async function open(resId, options = "'uom_field': 'product_uom_id'") {
    await mountView({
        resModel: "order.line",
        type: "form",
        resId,
        arch: `<form>
            <field name="product_uom_id"/>
            <field name="quantity" widget="jxc_compound_qty" options="{${options}}"/>
        </form>`,
    });
}

const INPUT = ".o_field_widget[name=quantity] input";
const HINT = ".o_jxc_compound_hint";

test("a text with units is entered, both are seen", async () => {
    onRpc("web_save", ({ args }) => {
        expect.step(args[1]);
    });
    await open(1);
    expect(INPUT).toHaveValue("5.00");
    expect(HINT).toHaveText("5瓶");
    await contains(INPUT).edit("３箱5瓶", { confirm: false });
    await animationFrame();
    expect(HINT).toHaveText("= 41 瓶");
    await contains(INPUT).edit("３箱5瓶");
    await animationFrame();
    expect(INPUT).toHaveValue("41.00");
    expect(HINT).toHaveText("3箱5瓶");
    await contains(".o_form_button_save").click();
    expect.verifySteps([{ quantity: 41 }]);
});

test("a number is one of the unit of the line", async () => {
    await open(2);
    expect(HINT).toHaveText("3箱");
    await contains(INPUT).edit("3.5");
    expect(INPUT).toHaveValue("3.50");
    expect(HINT).toHaveText("3箱1提");
    await contains(INPUT).edit("4箱1提");
    expect(INPUT).toHaveValue("4.50");
});

test("what the unit of the line cannot hold is refused", async () => {
    await open(2);
    await contains(INPUT).edit("3箱5瓶");
    expect(".o_field_widget[name=quantity]").toHaveClass("o_field_invalid");
    await contains(INPUT).edit("3桶", { confirm: false });
    await animationFrame();
    expect(HINT).toHaveClass("text-danger");
    expect(HINT).toHaveText("“桶” is no unit of this product");
});

test("or changes the line to the base unit", async () => {
    onRpc("web_save", ({ args }) => {
        expect.step(args[1]);
    });
    await open(2, "'uom_field': 'product_uom_id', 'switch_uom': true");
    await contains(INPUT).edit("3箱5瓶");
    await animationFrame();
    expect(INPUT).toHaveValue("41.00");
    await contains(".o_form_button_save").click();
    expect.verifySteps([{ product_uom_id: 1, quantity: 41 }]);
});

test("products without units keep the plain field", async () => {
    await open(3);
    expect(HINT).toHaveCount(0);
    await contains(INPUT).edit("3箱");
    expect(".o_field_widget[name=quantity]").toHaveClass("o_field_invalid");
    await contains(INPUT).edit("8");
    expect(INPUT).toHaveValue("8.00");
});

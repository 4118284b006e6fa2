import { expect, test } from "@odoo/hoot";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { mailModels } from "@mail/../tests/mail_test_helpers";

import { call } from "@jxc_crm_lite/call/call";

class Shop extends models.Model {
    _name = "shop";
    phone = fields.Char();
    _records = [{ id: 1, phone: "138 0013 8000" }];
}

defineModels({ ...mailModels, Shop });

function watchLinks() {
    patchWithCleanup(HTMLAnchorElement.prototype, {
        click() {
            expect.step(this.getAttribute("href"));
        },
    });
}

test.tags("jxc_crm_lite");
test("a call opens the dialling program, then its report", () => {
    watchLinks();
    const next = { type: "ir.actions.act_window" };
    expect(call({}, { params: { number: "+8613800138000", next } })).toBe(next);
    expect.verifySteps(["tel:+8613800138000"]);
});

test.tags("jxc_crm_lite");
test("calling from the phone field keeps a log", async () => {
    watchLinks();
    onRpc("has_group", () => true);
    onRpc("shop", "action_jxc_call", ({ args }) => {
        expect.step(`log ${args[0]}`);
        return {
            type: "ir.actions.client",
            tag: "jxc_call",
            params: { number: "13800138000" },
        };
    });
    await mountView({
        resModel: "shop",
        resId: 1,
        type: "form",
        arch: `<form><field name="phone" widget="jxc_phone_call"/></form>`,
    });
    await contains(".o_phone_form_link").click();
    expect.verifySteps(["log 1", "tel:13800138000"]);
});

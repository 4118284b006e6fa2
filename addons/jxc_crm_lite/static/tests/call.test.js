import { expect, test } from "@odoo/hoot";
import { patchWithCleanup } from "@web/../tests/web_test_helpers";

import { call } from "@jxc_crm_lite/call/call";

test.tags("jxc_crm_lite");
test("a call opens the dialling program, then its report", () => {
    patchWithCleanup(HTMLAnchorElement.prototype, {
        click() {
            expect.step(this.getAttribute("href"));
        },
    });
    const next = { type: "ir.actions.act_window" };
    expect(call({}, { params: { number: "+8613800138000", next } })).toBe(next);
    expect.verifySteps(["tel:+8613800138000"]);
});

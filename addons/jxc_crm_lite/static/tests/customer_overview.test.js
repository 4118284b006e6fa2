import { expect, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { mailModels } from "@mail/../tests/mail_test_helpers";

class Customer extends models.Model {
    _name = "customer";
    name = fields.Char();
    _records = [{ id: 1, name: "Shop" }];
}

defineModels({ ...mailModels, Customer });

const KINDS = [
    { name: "order", label: "Orders", icon: "fa-shopping-cart" },
    { name: "ticket", label: "Tickets", icon: "fa-life-ring" },
];

function entry(kind, id, date) {
    return {
        kind,
        id,
        date,
        key: `${kind}-${id}`,
        is_day: date.length === 10,
        title: `${kind} ${id}`,
        text: "",
        user: "",
        model: kind === "order" && "sale.order",
    };
}

async function open() {
    onRpc("res.partner", "jxc_get_overview", () => [
        {
            name: "orders",
            title: "Open Orders",
            opens: true,
            lines: [{ label: "Number", value: "2", tone: "danger" }],
        },
    ]);
    onRpc("res.partner", "jxc_get_timeline", ({ kwargs: { before, kinds } }) => {
        expect.step([before, kinds]);
        const all = before
            ? [entry("ticket", 3, "2024-05-01")]
            : [
                  entry("order", 1, "2024-05-02 02:00:00"),
                  entry("ticket", 2, "2024-05-02"),
              ];
        return {
            entries: all.filter((e) => !kinds.length || kinds.includes(e.kind)),
            next: before ? false : ["2024-05-02 00:00:00", 1],
            kinds: KINDS,
        };
    });
    await mountView({
        resModel: "customer",
        type: "form",
        resId: 1,
        arch: `<form><widget name="jxc_customer_overview"/></form>`,
    });
}

const ENTRY = ".o_jxc_timeline_entry";

test("what happened comes page by page and by kind", async () => {
    await open();
    expect("[data-card=orders] .text-danger").toHaveText("2");
    expect(ENTRY).toHaveCount(2);
    await contains(".o_jxc_timeline_more").click();
    expect(ENTRY).toHaveCount(3);
    expect(".o_jxc_timeline_more").toHaveCount(0);
    await contains("button[data-kind=ticket]").click();
    expect(ENTRY).toHaveCount(1);
    expect.verifySteps([
        [null, []],
        [["2024-05-02 00:00:00", 1], []],
        [null, ["ticket"]],
    ]);
});

test("entries lead to their record, unless there is none to open", async () => {
    mockService("action", {
        doAction: (action) => expect.step([action.res_model, action.res_id]),
    });
    await open();
    await contains(`${ENTRY}[data-kind=ticket]`).click();
    await contains(`${ENTRY}[data-kind=order]`).click();
    await animationFrame();
    expect.verifySteps([
        [null, []],
        ["sale.order", 1],
    ]);
});

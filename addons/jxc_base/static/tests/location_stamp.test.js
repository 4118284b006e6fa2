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

class Visit extends models.Model {
    _name = "visit";
    is_located = fields.Boolean();
    latitude = fields.Float({ digits: [10, 6] });
    longitude = fields.Float({ digits: [10, 6] });
    _records = [{ id: 1 }];
}

defineModels({ ...mailModels, Visit });

const BUTTON = ".o_jxc_location_stamp";

async function open() {
    onRpc("web_save", ({ args }) => {
        expect.step(args[1]);
    });
    await mountView({
        resModel: "visit",
        type: "form",
        resId: 1,
        arch: `<form>
            <field name="is_located" widget="jxc_location_stamp"
                   options="{'latitude': 'latitude', 'longitude': 'longitude'}"/>
            <field name="latitude"/>
            <field name="longitude"/>
        </form>`,
    });
}

function device(answer) {
    patchWithCleanup(navigator.geolocation, {
        getCurrentPosition: (found, failed) => answer(found, failed),
    });
}

test("the place is asked for when the button is pressed, and can be taken back", async () => {
    device((found) => {
        expect.step("asked");
        found({ coords: { latitude: 31.2304, longitude: 121.4737 } });
    });
    await open();
    expect.verifySteps([]);
    await contains(BUTTON).click();
    expect(BUTTON).toHaveText("Remove Place");
    await contains(".o_form_button_save").click();
    expect.verifySteps([
        "asked",
        { is_located: true, latitude: 31.2304, longitude: 121.4737 },
    ]);
    await contains(BUTTON).click();
    await contains(".o_form_button_save").click();
    expect.verifySteps([{ is_located: false, latitude: 0, longitude: 0 }]);
});

test("who refuses the place keeps the record without it", async () => {
    device((found, failed) => failed({ code: 1 }));
    await open();
    await contains(BUTTON).click();
    expect(BUTTON).toHaveText("Stamp Place");
    expect(".o_notification").toHaveCount(1);
});

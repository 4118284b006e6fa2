import { expect, test } from "@odoo/hoot";
import { FloorPanel } from "@jxc_stock/floor/floor_panel";
import { FloorTyping } from "@jxc_stock/floor/floor_typing";
import { FloorWork } from "@jxc_stock/floor/floor_work";

const SPEC = {
    base: "瓶",
    digits: 2,
    units: [{ name: "箱", factor: "12", in_compound: true }],
};
const WINE = {
    product_id: 1,
    name: "Wine",
    spec: SPEC,
    tracking: "none",
    demand: "3箱",
    barcodes: { WINE: 1, BOX: 12 },
    units: [{ name: "箱", factor: 12 }],
};
const MILK = {
    ...WINE,
    product_id: 2,
    name: "Milk",
    tracking: "lot",
    barcodes: { M: 1 },
};
const A = { id: 10, name: "Shelf A" };
const B = { id: 11, name: "Shelf B" };

function start(kind, lines = [WINE, MILK], kept = undefined) {
    return new FloorWork(kind, { id: 7, name: "WH/7", lines }, kept);
}

/** Keys as they come from a scanner (fast) or a person. */
function type(typing, field, keys, milliseconds) {
    let answer = null;
    for (const key of keys) {
        field.now += milliseconds;
        answer = typing.press({
            key,
            repeat: false,
            timeStamp: field.now,
            target: { value: field.value },
        });
        field.value = key.length === 1 ? field.value + key : field.value;
    }
    return answer;
}

test("floor: scans of one thing add up, in its units", () => {
    const work = start("receive");
    work.add(WINE, 1);
    work.add(WINE, 12);
    expect(work.entries.map((one) => one.text)).toEqual(["1箱1瓶"]);
    expect(work.payload).toEqual({
        picking_id: 7,
        finish: true,
        photos: [],
        lines: [{ product_id: 1, quantity_text: "1箱1瓶", lot_name: "" }],
    });
    work.write(WINE, "");
    expect(work.ready).toBe(false);
});

test("floor: each place and each lot has its own quantity", () => {
    const work = start("receive");
    work.setPlace(A);
    work.add(WINE, 1);
    work.setPlace(B);
    work.add(WINE, 2);
    work.write(MILK, "5", "L1");
    work.write(MILK, "6", "L2");
    expect(work.payload.lines).toEqual([
        { product_id: 1, quantity_text: "1瓶", lot_name: "", location_dest_id: 10 },
        { product_id: 1, quantity_text: "2瓶", lot_name: "", location_dest_id: 11 },
        { product_id: 2, quantity_text: "5", lot_name: "L1", location_dest_id: 11 },
        { product_id: 2, quantity_text: "6", lot_name: "L2", location_dest_id: 11 },
    ]);
    const pick = start("pick");
    pick.setPlace(A);
    pick.add(WINE, 1);
    expect(pick.payload.lines[0].location_id).toBe(10);
});

test("floor: a move has one place for all, and keeps its lines", () => {
    const work = start("transfer", []);
    work.lines.push(WINE);
    work.add(WINE, 3);
    expect(work.ready).toBe(false);
    work.setPlace(A);
    work.add(WINE, 1);
    work.setPlace(B);
    expect(work.ready).toBe(true);
    const again = start("transfer", [], JSON.parse(JSON.stringify(work)));
    expect(again.entriesOf(again.lines[0]).map((one) => one.text)).toEqual(["4瓶"]);
    expect(again.payload).toEqual(work.payload);
    expect(work.payload.location_id).toBe(10);
    expect(work.payload.location_dest_id).toBe(11);
});

test("floor: a count keeps the order of scanning", () => {
    const work = start("count", []);
    const again = { barcode: "WINE", name: "Wine", text: "" };
    work.note({ barcode: "SHELF", name: "Shelf", text: "" });
    work.note({ ...again });
    work.note({ ...again, lot: "L1" });
    work.note({ ...again });
    work.remove(work.entries[3]);
    work.photos.push({ name: "a.jpg", data: "AAAA" });
    expect(work.payload).toEqual({
        count_id: 7,
        photos: [{ name: "a.jpg", data: "AAAA" }],
        lines: [
            { barcode: "SHELF", quantity_text: "", lot_name: "" },
            { barcode: "WINE", quantity_text: "", lot_name: "" },
            { barcode: "WINE", quantity_text: "", lot_name: "L1" },
        ],
    });
});

test("floor: a code that is scanned meanwhile does not throw a quantity away", () => {
    const panel = new FloorPanel({ name: "Wine", line: WINE, text: "1箱" });
    expect(panel.isUntouched).toBe(true);
    expect(panel.take("WINE", true)).toBe(true);
    expect(panel.text).toBe("1箱1瓶");
    expect(panel.isUntouched).toBe(false);
    expect(panel.take("OTHER", false)).toBe(false);
    panel.text = "much";
    expect(panel.take("WINE", true)).toBe(false);
    expect(panel.text).toBe("much");
    expect(panel.problem).not.toBe("");
});

test("floor: the lot may be scanned behind the goods", () => {
    const panel = new FloorPanel({
        name: "Milk",
        line: MILK,
        text: "1",
        scanned: true,
    });
    expect(panel.isUntouched).toBe(false);
    expect(panel.problem).not.toBe("");
    // what is known as other goods is no lot
    expect(panel.take("WINE", true)).toBe(false);
    expect(panel.take("L-2026", false)).toBe(true);
    expect(panel.lot).toBe("L-2026");
    expect(panel.problem).toBe("");
    expect(panel.take("L-2027", false)).toBe(false);
});

test("floor: pieces and weight go together", () => {
    const pig = { ...WINE, aux: "头", units: [] };
    const panel = new FloorPanel({ name: "Pig", line: pig, text: "1873.5" });
    panel.aux = "many";
    expect(panel.problem).not.toBe("");
    panel.aux = "２０";
    panel.reason = " Young ";
    expect(panel.problem).toBe("");
    expect(panel.isUntouched).toBe(false);
    const work = start("receive", [pig]);
    work.write(pig, panel.text, "", null, panel.details);
    expect(work.payload.lines).toEqual([
        {
            product_id: 1,
            quantity_text: "1873.5",
            lot_name: "",
            aux_quantity: 20,
            aux_reason: "Young",
        },
    ]);
});

test("floor: a scanner types faster than people", () => {
    const typing = new FloorTyping();
    const field = { now: 0, value: "" };
    expect(type(typing, field, ["1", "2", "Enter"], 200)).toBe(null);
    expect(field.value).toBe("12");
    expect(type(typing, field, [..."P002", "Enter"], 9)).not.toBe(null);
    field.now += 1000;
    field.value = "12";
    expect(type(typing, field, ["5"], 400)).toBe(null);
    field.now += 1000;
    expect(type(typing, field, [..."P002", "Enter"], 9)).toEqual({
        code: "P002",
        before: "125",
    });
    // The next code may follow at once: it has what is in the field by then behind it.
    field.value = "126";
    expect(type(typing, field, [..."P003", "Enter"], 9)).toEqual({
        code: "P003",
        before: "126",
    });
    expect(
        typing.press({
            key: "Enter",
            repeat: false,
            timeStamp: field.now + 5000,
            target: { value: "6901234567892" },
        })
    ).toEqual({ code: "6901234567892", before: null });
});

test("floor: held goods become available with a reason", () => {
    const work = start("transfer", []);
    work.setPlace({ ...A, held: true });
    work.setPlace(B);
    work.lines.push(WINE);
    work.add(WINE, 1);
    expect(work.isRelease).toBe(true);
    expect(work.ready).toBe(false);
    work.reason = " Washed ";
    expect(work.ready).toBe(true);
    expect(work.payload.release_reason).toBe("Washed");
    const kept = start("transfer", [], JSON.parse(JSON.stringify(work)));
    expect(kept.isRelease && kept.ready).toBe(true);
    work.clearPlace("dest");
    work.setPlace({ ...B, held: true });
    expect(work.isRelease).toBe(false);
    expect("release_reason" in work.payload).toBe(false);

    const document = { id: 7, name: "WH/7", lines: [WINE], is_release: true };
    const put = new FloorWork("put_away", document);
    put.add(WINE, 1);
    expect(put.ready).toBe(false);
    put.reason = "Washed";
    expect(put.payload.release_reason).toBe("Washed");
});

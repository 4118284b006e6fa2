import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component, useState } from "@odoo/owl";

/**
 * A button that writes where the device is into two fields of the record, and the tick
 * that says so. The place is asked for only when the button is pressed; the browser
 * then asks the person.
 */
export class LocationStamp extends Component {
    static template = "jxc_base.LocationStamp";
    static props = {
        ...standardFieldProps,
        latitude: { type: String },
        longitude: { type: String },
    };

    setup() {
        this.notification = useService("notification");
        this.state = useState({ waiting: false });
    }

    get stamped() {
        return this.props.record.data[this.props.name];
    }

    async onClick() {
        if (this.stamped) {
            return this.keep(false, 0, 0);
        }
        this.state.waiting = true;
        try {
            const { coords } = await this.locate();
            await this.keep(true, coords.latitude, coords.longitude);
        } catch {
            this.notification.add(
                _t(
                    "This device does not tell where it is; it is kept without a place."
                ),
                { type: "warning" }
            );
        } finally {
            this.state.waiting = false;
        }
    }

    locate() {
        return new Promise((resolve, reject) => {
            navigator.geolocation.getCurrentPosition(resolve, reject, {
                enableHighAccuracy: true,
                timeout: 10000,
            });
        });
    }

    keep(stamped, latitude, longitude) {
        const { record, name } = this.props;
        return record.update({
            [name]: stamped,
            [this.props.latitude]: latitude,
            [this.props.longitude]: longitude,
        });
    }
}

export const locationStamp = {
    component: LocationStamp,
    displayName: _t("Location Stamp"),
    supportedTypes: ["boolean"],
    extractProps: ({ options }) => ({
        latitude: options.latitude,
        longitude: options.longitude,
    }),
};

registry.category("fields").add("jxc_location_stamp", locationStamp);

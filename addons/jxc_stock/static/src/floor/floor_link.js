import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError } from "@web/core/network/rpc";

const MODEL = "jxc.floor.operation";

/** The server, as far as it can be reached; what it said before is remembered. */
export class FloorLink {
    /**
     * @param {Object} orm service
     * @param {import("./floor_store").FloorStore} store
     * @param {Object} state reactive: `busy`, `offline`
     * @param {(message: string) => void} warn
     */
    constructor(orm, store, state, warn) {
        Object.assign(this, { orm, store, state, warn });
    }

    async call(method, args) {
        const result = await this.orm.silent.call(MODEL, method, args);
        this.state.offline = false;
        return result;
    }

    /**
     * Ask the server; without a connection, use what it said before.
     *
     * @param {string} key under which the answer is remembered
     * @param {string} method
     * @param {Array} args
     * @param {Object} [options]
     * @param {boolean} [options.needed] whether to complain when nobody knows
     * @returns {Promise<any>} null when it refused, undefined when nobody knows
     */
    async ask(key, method, args, { needed = true } = {}) {
        this.state.busy = true;
        try {
            const answer = await this.call(method, args);
            await this.store.set(`seen:${key}`, answer);
            return answer;
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                this.warn(error.data?.message || error.message);
                return null;
            }
            this.state.offline = true;
            const seen = await this.store.get(`seen:${key}`);
            if (!seen && needed) {
                this.warn(
                    _t("No connection, and not looked at before on this device.")
                );
            }
            return seen;
        } finally {
            this.state.busy = false;
        }
    }
}

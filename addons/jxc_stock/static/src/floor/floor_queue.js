import { ConnectionLostError } from "@web/core/network/rpc";

const PREFIX = "queue:";

/**
 * Operations on their way to the server. They are stored before they are sent, and
 * forgotten when the server has answered; each has a key by which the server knows it.
 */
export class FloorQueue {
    /**
     * @param {import("./floor_store").FloorStore} store
     * @param {(operation: Object) => Promise<Object>} send
     * @param {Object} state reactive: `waiting`, `offline`, `sending`
     * @param {(operation: Object, result: Object) => void} onDone
     */
    constructor(store, send, state, onDone) {
        Object.assign(this, { store, send, state, onDone });
    }

    async load() {
        this.state.waiting = await this.store.all(PREFIX);
    }

    async add(operation) {
        operation.slot = `${PREFIX}${Date.now()}:${operation.key}`;
        await this.store.set(operation.slot, operation);
        this.state.waiting.push(operation);
        await this.flush();
    }

    async discard(operation) {
        await this.store.remove(operation.slot);
        await this.load();
    }

    /** Send what waits, in order. What the server refused stays, with its reason. */
    async flush(again = false) {
        if (this.state.sending) {
            return;
        }
        this.state.sending = true;
        try {
            for (const operation of [...this.state.waiting]) {
                if (operation.error && !again) {
                    continue;
                }
                if (!(await this._sendOne(operation))) {
                    break;
                }
            }
        } finally {
            this.state.sending = false;
            await this.load();
        }
    }

    async _sendOne(operation) {
        try {
            const result = await this.send(operation);
            this.state.offline = false;
            await this.store.remove(operation.slot);
            this.onDone(operation, result);
        } catch (error) {
            if (error instanceof ConnectionLostError) {
                this.state.offline = true;
                return false;
            }
            operation.error = error.data?.message || error.message;
            await this.store.set(operation.slot, operation);
        }
        return true;
    }
}

import { ConnectionLostError } from "@web/core/network/rpc";

const PREFIX = "queue:";

/** Sixteen random bytes: crypto.randomUUID exists on secure pages only. */
function newKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

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

    /** Give an operation its key and keep it until it is sent; `flush` sends it. */
    async add(operation) {
        operation.key = newKey();
        operation.slot = `${PREFIX}${Date.now()}:${operation.key}`;
        await this.store.set(operation.slot, operation);
        this.state.waiting.push(operation);
    }

    async discard(operation) {
        await this.store.remove(operation.slot);
        await this.load();
    }

    /** Send what waits, in order. What the server refused stays, with its reason. */
    async flush(again = false) {
        if (this.state.sending) {
            this.more = true;
            return;
        }
        this.state.sending = true;
        try {
            do {
                this.more = false;
                await this._sendAll(again);
            } while (this.more);
        } finally {
            this.state.sending = false;
            await this.load();
        }
    }

    async _sendAll(again) {
        for (const operation of [...this.state.waiting]) {
            if (operation.error && !again) {
                continue;
            }
            if (!(await this._sendOne(operation))) {
                break;
            }
        }
        await this.load();
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

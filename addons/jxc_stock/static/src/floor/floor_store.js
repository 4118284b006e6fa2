/** What a device remembers: its own database in the browser, per user and database. */
export class FloorStore {
    /** @param {string} name */
    constructor(name) {
        this.opening = new Promise((resolve, reject) => {
            const request = indexedDB.open(`jxc-floor-${name}`, 1);
            request.onupgradeneeded = () => request.result.createObjectStore("items");
            request.onsuccess = () => resolve(request.result);
            request.onerror = () => reject(request.error);
        });
    }

    async _run(mode, act) {
        const database = await this.opening;
        return new Promise((resolve, reject) => {
            const transaction = database.transaction("items", mode);
            const request = act(transaction.objectStore("items"));
            transaction.oncomplete = () => resolve(request.result);
            transaction.onerror = () => reject(transaction.error);
            transaction.onabort = () => reject(transaction.error);
        });
    }

    get(key) {
        return this._run("readonly", (items) => items.get(key));
    }

    set(key, value) {
        // proxies of the screen's state cannot be stored as they are
        const plain = JSON.parse(JSON.stringify(value));
        return this._run("readwrite", (items) => items.put(plain, key));
    }

    remove(key) {
        return this._run("readwrite", (items) => items.delete(key));
    }

    /** Values of all keys that begin with a prefix, in the order of the keys. */
    all(prefix) {
        const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
        return this._run("readonly", (items) => items.getAll(range));
    }
}

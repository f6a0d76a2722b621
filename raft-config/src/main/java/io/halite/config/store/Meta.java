package io.halite.config.store;

import java.nio.ByteBuffer;

/** The single numbers of the state. */
enum Meta {
    APPLIED_INDEX, APPLIED_TERM, REVISION, ADMIN_VERSION, FORMAT;

    byte[] key() {
        return Keys.bytes(name());
    }

    long read(StateDb.View view) {
        byte[] value = view.get(Table.META, key());
        return value == null ? 0 : ByteBuffer.wrap(value).getLong();
    }

    void write(StateDb.Batch batch, long value) {
        batch.put(Table.META, key(), value(value));
    }

    static byte[] value(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }
}

package io.halite.config.store;

/** A table of the state on disk: a column family in RocksDB, a number in a state file. Numbers are for ever. */
enum Table {
    META(1, "default"), OBJECTS(2, "objects"), HISTORY(3, "history"), ADMIN(4, "admin"), SYSTEM(5, "system"),
    REQUESTS(6, "requests");

    final int number;
    final String family;

    Table(int number, String family) {
        this.number = number;
        this.family = family;
    }
}

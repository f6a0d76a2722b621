package io.halite.dns.sign;

/** The signing keys of zones as this node has them. Safe for use by many threads. */
@FunctionalInterface
public interface ZoneKeys {
    /** No zone has a key. */
    ZoneKeys NONE = zone -> new ZoneKey.None();

    /** The key of a zone, by its name in lower case without a final dot. */
    ZoneKey of(String zone);

    /** What is known of a zone's key. */
    sealed interface ZoneKey {
        /** It is here, or they are while one follows another. */
        record Here(KeyRing ring) implements ZoneKey {}

        /** Nobody made one yet: the zone was never signed. */
        record None() implements ZoneKey {}

        /**
         * There may be one, but this node cannot use it: the zone must not be served, since unsigned answers of a signed
         * zone are taken for forged.
         *
         * @param reason one sentence
         */
        record Unknown(String reason) implements ZoneKey {}
    }
}

package io.halite.admin.backup;

import io.halite.config.AdminState;
import io.halite.config.TargetRef;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a backup holds. It is what people have decided, in words that every version understands: the config as a
 * document, the secrets that it names, and the admin states that are not ready. What makes a cluster this one (members,
 * keys, access tokens, history) is not part of it: a restored config lives in another cluster.
 *
 * @param document the config, as canonical JSON
 */
public record Backup(
        Source source, String document, List<Secret> secrets, SortedMap<TargetRef, AdminState> adminStates) {

    public Backup {
        secrets = List.copyOf(secrets);
        adminStates = Collections.unmodifiableSortedMap(new TreeMap<>(adminStates));
    }

    /**
     * Where and when it was made; readable without the passphrase.
     *
     * @param version of the program that wrote it
     */
    public record Source(String clusterId, String clusterName, long revision, Instant time, String version) {}

    /** One secret, opened; never printed. */
    public static final class Secret {
        private final String name;
        private final byte[] value;

        public Secret(String name, byte[] value) {
            this.name = name;
            this.value = value.clone();
        }

        public String name() {
            return name;
        }

        public byte[] value() {
            return value.clone();
        }

        @Override
        public String toString() {
            return "Secret[" + name + "]";
        }
    }
}

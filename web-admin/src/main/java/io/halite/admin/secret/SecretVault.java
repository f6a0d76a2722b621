package io.halite.admin.secret;

import io.halite.config.store.ConfigStore;
import io.halite.config.store.Origin;
import io.halite.config.store.Proposal;
import io.halite.config.store.ProposalResult;
import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeLimits;
import io.halite.config.tree.TreeSyntaxException;
import io.halite.config.tree.TreeText;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The secrets of the cluster, sealed in the store. Safe for use by many threads. */
public final class SecretVault {
    /** The longest secret. */
    public static final int MAX_BYTES = 64 << 10;
    private static final String KEY = "secret/";
    /** A sealed secret is a third longer than itself. */
    private static final TreeLimits LIMITS = new TreeLimits(2 * MAX_BYTES, 4, 100);

    private final ConfigStore store;
    private final SecretSealer sealer;

    public SecretVault(ConfigStore store, SecretSealer sealer) {
        this.store = store;
        this.sealer = sealer;
    }

    /** A secret as everyone may see it. */
    public record Entry(String name, Instant updated, String author) {}

    private record Stored(Entry entry, String sealed) {}

    /** Sets a secret. */
    public ProposalResult put(String name, byte[] secret, Origin origin) {
        return store.propose(new Proposal.PutSystem(KEY + name, record(name, secret, origin), false, origin));
    }

    private String record(String name, byte[] secret, Origin origin) {
        return TreeText.json(Tree.mapping().put("sealed", sealer.seal(name, secret))
                .put("updated", origin.time().toString()).put("author", origin.author()).build());
    }

    /** Seals a secret as a record, by its key, for whoever puts it into the store together with other things. */
    public void record(String name, byte[] secret, Origin origin, BiConsumer<String, String> record) {
        record.accept(KEY + name, record(name, secret, origin));
    }

    /** Removes a secret; unchanged when there is none of this name. */
    public ProposalResult remove(String name, Origin origin) {
        return store.propose(new Proposal.PutSystem(KEY + name, null, false, origin));
    }

    /** Which secrets there are, by name. */
    public List<Entry> list() {
        List<Entry> entries = new ArrayList<>();
        store.systemRecords(KEY).forEach((key, record) -> {
            Stored stored = decode(key.substring(KEY.length()), record);
            if (stored != null) {
                entries.add(stored.entry());
            }
        });
        return entries;
    }

    /** Whether there is a secret of this name. */
    public boolean contains(String name) {
        return store.system(KEY + name).isPresent();
    }

    /**
     * The secret itself, for the parts of this node that work with it.
     *
     * @throws IllegalArgumentException when it cannot be opened by this cluster's key
     */
    public Optional<byte[]> open(String name) {
        Stored stored = store.system(KEY + name).map(record -> decode(name, record)).orElse(null);
        return stored == null ? Optional.empty() : Optional.of(sealer.open(name, stored.sealed()));
    }

    private static @Nullable Stored decode(String name, String record) {
        try {
            Tree tree = TreeText.read(record.getBytes(StandardCharsets.UTF_8), LIMITS);
            if (tree instanceof Tree.Mapping object
                    && object.get("sealed") instanceof Tree.Text sealed
                    && object.get("updated") instanceof Tree.Text updated
                    && object.get("author") instanceof Tree.Text author) {
                return new Stored(new Entry(name, Instant.parse(updated.value()), author.value()), sealed.value());
            }
            return null;
        } catch (TreeSyntaxException | DateTimeException e) {
            return null;
        }
    }
}

package io.halite.admin.access;

import io.halite.config.store.ConfigStore;
import io.halite.config.store.Origin;
import io.halite.config.store.Proposal;
import io.halite.config.store.ProposalResult;
import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeLimits;
import io.halite.config.tree.TreeSyntaxException;
import io.halite.config.tree.TreeText;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The bearer tokens of the cluster. A token is 256 random bits, told once; the store holds only its SHA-256, under a
 * key made from the hash, so that a look-up takes no longer for a token that is nearly right. Safe for use by many
 * threads.
 */
public final class AccessTokens {
    /** What every token begins with, so that secret scanners know one when they see it. */
    public static final String PREFIX = "hlt_";
    private static final String KEY = "token/";
    private static final int BYTES = 32;
    private static final int LENGTH = PREFIX.length() + 43;
    private static final int ID_LENGTH = 16;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final ConfigStore store;
    private final InstantSource time;

    public AccessTokens(ConfigStore store, InstantSource time) {
        this.store = store;
        this.time = time;
    }

    /** What became of the wish for a new token. */
    public sealed interface Issue {
        /**
         * It exists.
         *
         * @param token the only time it is told
         */
        record Issued(String token, Entry entry) implements Issue {
            @Override
            public String toString() {
                return "Issued[" + entry + "]";
            }
        }

        /** The store did not take it. */
        record Failed(ProposalResult result) implements Issue {}
    }

    /**
     * A token as everyone may see it.
     *
     * @param id the beginning of its hash
     * @param expires null when it never does
     */
    public record Entry(String id, String name, Role role, Instant created, @Nullable Instant expires, String author) {}

    /**
     * Makes a token.
     *
     * @param name what the history and the audit log call its bearer
     * @param timeToLive none for a token that does not expire
     */
    public Issue issue(String name, Role role, Optional<Duration> timeToLive, String author) {
        return admit(make(), name, role, timeToLive, author);
    }

    /** A token's text, good for nothing before it is admitted. */
    public static String make() {
        byte[] secret = new byte[BYTES];
        RANDOM.nextBytes(secret);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    }

    /** Makes a token of a text from {@link #make}, which someone may have been told already. */
    public Issue admit(String token, String name, Role role, Optional<Duration> timeToLive, String author) {
        String hash = hash(token);
        Instant now = time.instant();
        Entry entry = new Entry(hash.substring(0, ID_LENGTH), name, role, now,
                timeToLive.map(now::plus).orElse(null), author);
        ProposalResult result = store.propose(new Proposal.PutSystem(
                KEY + entry.id(), encode(entry, hash), true, origin(author, "token issued")));
        return result instanceof ProposalResult.Committed(var ignored, boolean changed) && changed
                ? new Issue.Issued(token, entry) : new Issue.Failed(result);
    }

    /** The bearer of a token; empty when it is not one of the cluster's, or no longer. */
    public Optional<Caller> verify(String token) {
        if (token.length() != LENGTH || !token.startsWith(PREFIX)) {
            return Optional.empty();
        }
        String hash = hash(token);
        Stored stored = store.system(KEY + hash.substring(0, ID_LENGTH)).map(AccessTokens::decode).orElse(null);
        if (stored == null || !MessageDigest.isEqual(
                stored.hash().getBytes(StandardCharsets.US_ASCII), hash.getBytes(StandardCharsets.US_ASCII))) {
            return Optional.empty();
        }
        Entry entry = stored.entry();
        boolean expired = entry.expires() != null && !time.instant().isBefore(entry.expires());
        return expired ? Optional.empty() : Optional.of(new Caller(entry.name(), entry.role(), entry.id()));
    }

    /** All tokens, the expired ones too, by id. */
    public List<Entry> list() {
        List<Entry> entries = new ArrayList<>();
        for (String record : store.systemRecords(KEY).values()) {
            Stored stored = decode(record);
            if (stored != null) {
                entries.add(stored.entry());
            }
        }
        return entries;
    }

    /** Ends a token; unchanged when there is none of this id. */
    public ProposalResult revoke(String id, String author) {
        return store.propose(new Proposal.PutSystem(KEY + id, null, false, origin(author, "token revoked")));
    }

    private Origin origin(String author, String reason) {
        return new Origin(author, reason, time.instant(), UUID.randomUUID().toString());
    }

    private static String hash(String token) {
        try {
            return HexFormat.of().formatHex(
                    MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private record Stored(Entry entry, String hash) {}

    private static String encode(Entry entry, String hash) {
        Tree.MappingBuilder json = Tree.mapping().put("sha256", hash).put("name", entry.name())
                .put("role", entry.role().key()).put("created", entry.created().toString())
                .put("author", entry.author());
        if (entry.expires() != null) {
            json.put("expires", entry.expires().toString());
        }
        return TreeText.json(json.build());
    }

    /** What a record says, or null when a newer version wrote one that cannot be understood: it admits nobody. */
    private static @Nullable Stored decode(String record) {
        try {
            Tree tree = TreeText.read(record.getBytes(StandardCharsets.UTF_8), TreeLimits.REQUEST);
            Optional<Role> role = Role.of(text(tree, "role"));
            String hash = text(tree, "sha256");
            if (role.isEmpty() || hash.length() < ID_LENGTH) {
                return null;
            }
            String expires = text(tree, "expires");
            return new Stored(new Entry(hash.substring(0, ID_LENGTH), text(tree, "name"), role.get(),
                    Instant.parse(text(tree, "created")), expires.isEmpty() ? null : Instant.parse(expires),
                    text(tree, "author")), hash);
        } catch (TreeSyntaxException | DateTimeParseException e) {
            return null;
        }
    }

    private static String text(Tree tree, String key) {
        return tree instanceof Tree.Mapping object && object.get(key) instanceof Tree.Text text ? text.value() : "";
    }
}

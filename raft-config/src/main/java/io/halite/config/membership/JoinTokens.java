package io.halite.config.membership;

import io.halite.config.membership.Outcome.Cause;
import io.halite.config.membership.Outcome.Done;
import io.halite.config.membership.Outcome.Refused;
import io.halite.config.peer.ClusterKey;
import io.halite.config.peer.Pem;
import io.halite.config.store.ConfigStore;
import io.halite.config.store.Proposal;
import io.halite.config.store.ProposalResult;
import io.halite.config.tree.Tree;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;

/** Makes and finds join tokens. Works on any member. Safe for use by many threads. */
final class JoinTokens {
    private static final Duration LONGEST = Duration.ofDays(30);
    private static final int MOST_USES = 1000;

    private final ConfigStore store;
    private final Roster roster;
    private final ClusterKey key;
    private final InstantSource time;

    JoinTokens(ConfigStore store, Roster roster, ClusterKey key, InstantSource time) {
        this.store = store;
        this.roster = roster;
        this.key = key;
        this.time = time;
    }

    Outcome create(Duration timeToLive, int uses, String author) {
        if (timeToLive.isNegative() || timeToLive.isZero() || timeToLive.compareTo(LONGEST) > 0 || uses < 1
                || uses > MOST_USES) {
            return new Refused(Cause.INVALID, "TOKEN_LIMITS", "a join token lives up to 30 days and lets in 1 to "
                    + MOST_USES + " nodes", "");
        }
        Optional<String> authority = store.system(SystemKeys.AUTHORITY_CERTIFICATE);
        if (authority.isEmpty()) {
            return new Refused(Cause.UNAVAILABLE, "CLUSTER_NOT_FOUNDED", "the cluster is only just being made",
                    "try again in a moment");
        }
        X509Certificate certificate = Pem.certificates(authority.get()).getFirst();
        JoinToken token = JoinToken.create(certificate);
        Instant expires = time.instant().plus(timeToLive);
        TokenRecord record = new TokenRecord(seal(token), uses, expires, author);
        ProposalResult result = store.propose(new Proposal.PutSystem(SystemKeys.token(token.id()), record.json(), true,
                roster.origin(author, "create join token " + token.id())));
        return Outcomes.of(result, () -> Done.of(Tree.mapping().put("token", token.text()).put("id", token.id())
                .put("expires", expires.toString()).put("uses", uses)));
    }

    private String seal(JoinToken token) {
        return key.seal(Base64.getEncoder().encodeToString(token.verifier()), SystemKeys.token(token.id()));
    }

    byte[] verifier(String tokenId, TokenRecord record) {
        return Base64.getDecoder().decode(key.open(record.sealedVerifier(), SystemKeys.token(tokenId)));
    }

    /** Forgets tokens that have been of no use for a day. */
    void sweep() {
        Instant longAgo = time.instant().minus(Duration.ofDays(1));
        store.systemRecords(SystemKeys.TOKENS).forEach((recordKey, json) -> {
            if (TokenRecord.of(json).expires().isBefore(longAgo)) {
                store.propose(new Proposal.PutSystem(recordKey, null, false,
                        roster.origin("cluster", "forget expired join token")));
            }
        });
    }
}

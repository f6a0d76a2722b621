package io.halite.config.membership;

import io.halite.config.membership.Outcome.Cause;
import io.halite.config.membership.Outcome.Done;
import io.halite.config.membership.Outcome.Refused;
import io.halite.config.peer.ClusterAuthority;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Lets nodes in, on the leader: one transaction uses the token and makes the node a member, then its certificate is
 * signed. A node that asks again with the same id and key, because an answer was lost or it crashed, is the same member
 * and uses nothing. Safe for use by many threads.
 */
final class JoinService {
    private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(5);
    private static final int ATTEMPTS = 5;

    private final LocalMember member;
    private final ConfigStore store;
    private final Roster roster;
    private final JoinTokens tokens;
    private final InstantSource time;
    private final int featureLevel;

    JoinService(LocalMember member, ConfigStore store, Roster roster, JoinTokens tokens, InstantSource time,
            int featureLevel) {
        this.member = member;
        this.store = store;
        this.roster = roster;
        this.tokens = tokens;
        this.time = time;
        this.featureLevel = featureLevel;
    }

    Outcome join(String json) {
        JoinRequest request;
        try {
            request = JoinRequest.of(json);
        } catch (IllegalArgumentException e) {
            return new Refused(Cause.INVALID, "JOIN_MALFORMED", "the request to join makes no sense: " + e.getMessage(),
                    "is it a Halite node of a fitting version?");
        }
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<Outcome> outcome = attempt(request);
            if (outcome.isPresent()) {
                return outcome.get();
            }
        }
        return new Refused(Cause.CONFLICT, "CHANGED_MEANWHILE", "other nodes are joining at the same moment",
                "try again");
    }

    /** Empty when something changed meanwhile and it should be tried again. */
    private Optional<Outcome> attempt(JoinRequest request) {
        String tokenJson = store.system(SystemKeys.token(request.tokenId())).orElse("");
        if (tokenJson.isEmpty()) {
            return refuse(Cause.FORBIDDEN, "TOKEN_UNKNOWN", "this cluster knows no join token " + request.tokenId(),
                    "make one on a member: halite token create");
        }
        TokenRecord token = TokenRecord.of(tokenJson);
        if (!request.isProvedBy(tokens.verifier(request.tokenId(), token))) {
            return refuse(Cause.FORBIDDEN, "TOKEN_WRONG", "the secret of join token " + request.tokenId()
                    + " is not the one that was given out", "copy the whole token again");
        }
        if (!request.isSigned()) {
            return refuse(Cause.INVALID, "KEY_NOT_HELD", "the request is not signed with the key it names", "");
        }
        if (roster.isRemoved(request.nodeId())) {
            return refuse(Cause.CONFLICT, "NODE_REMOVED", "node " + request.nodeId() + " was removed from the cluster",
                    "join with an empty data directory");
        }
        String existing = store.system(SystemKeys.member(request.nodeId())).orElse("");
        if (!existing.isEmpty()) {
            return MemberRecord.of(request.nodeId(), existing).keyHash().equals(request.keyHash())
                    ? Optional.of(answer(request))
                    : refuse(Cause.CONFLICT, "NODE_ID_TAKEN", "another node has the id " + request.nodeId(),
                            "join with an empty data directory");
        }
        Optional<Outcome> refused = checkTokenAndNode(request, token);
        return refused.isPresent() ? refused : admit(request, tokenJson, token);
    }

    private Optional<Outcome> checkTokenAndNode(JoinRequest request, TokenRecord token) {
        Instant now = time.instant();
        Duration skew = Duration.between(request.time(), now).abs();
        if (skew.compareTo(CLOCK_TOLERANCE) > 0) {
            return refuse(Cause.CONFLICT, "CLOCK_SKEW", "the clocks differ by " + skew.toSeconds() + " s: here it is "
                    + now + ", there " + request.time(), "set both by NTP");
        }
        if (now.isAfter(token.expires())) {
            return refuse(Cause.FORBIDDEN, "TOKEN_EXPIRED", "join token " + request.tokenId() + " expired at "
                    + token.expires(), "make another: halite token create");
        }
        if (token.uses() < 1) {
            return refuse(Cause.FORBIDDEN, "TOKEN_USED_UP", "join token " + request.tokenId()
                    + " has let in as many nodes as it may", "make another: halite token create");
        }
        int needed = clusterFeatureLevel();
        if (request.featureLevel() < needed) {
            return refuse(Cause.CONFLICT, "VERSION_TOO_OLD", "the node's version " + request.version()
                    + " understands feature level " + request.featureLevel() + ", the cluster is at " + needed,
                    "update the node before it joins");
        }
        boolean nameTaken = roster.members().values().stream()
                .anyMatch(other -> other.name().equals(request.name()));
        return nameTaken
                ? refuse(Cause.CONFLICT, "NAME_TAKEN", "a member is already called " + request.name(),
                        "give the node another --name")
                : Optional.empty();
    }

    private int clusterFeatureLevel() {
        return store.system(SystemKeys.FEATURE_LEVEL).map(Integer::parseInt).orElse(featureLevel);
    }

    private Optional<Outcome> admit(JoinRequest request, String tokenJson, TokenRecord token) {
        MemberRecord record = new MemberRecord(request.nodeId(), request.name(), request.addresses(), request.host(),
                request.keyHash(), request.witness(), request.version(), request.featureLevel(), time.instant());
        Map<String, @Nullable String> expected = new HashMap<>();
        expected.put(SystemKeys.token(request.tokenId()), tokenJson);
        expected.put(SystemKeys.member(request.nodeId()), null);
        // Two nodes of one name must not slip in side by side, so everybody else must still be the same.
        store.systemRecords(SystemKeys.MEMBERS).forEach(expected::put);
        ProposalResult result = store.propose(new Proposal.SystemTransaction(expected, Map.of(
                SystemKeys.token(request.tokenId()), token.used().json(),
                SystemKeys.member(request.nodeId()), record.json()),
                roster.origin("cluster", "node " + request.name() + " joins by token " + request.tokenId())));
        return result instanceof ProposalResult.Stale
                ? Optional.empty()
                : Optional.of(Outcomes.of(result, () -> answer(request)));
    }

    private Outcome answer(JoinRequest request) {
        Optional<ClusterAuthority> authority = authority();
        if (authority.isEmpty()) {
            return new Refused(Cause.UNAVAILABLE, "CLUSTER_NOT_FOUNDED", "the cluster is only just being made",
                    "try again in a moment");
        }
        X509Certificate certificate = authority.get().sign(request.key(), request.nodeId(),
                LocalMember.names(request.name(), new TreeSet<>(request.hosts())), time.instant());
        Tree.MappingBuilder peers = Tree.mapping();
        roster.members().values().forEach(other ->
                peers.put(other.id(), Tree.texts(Places.texts(other.addresses()))));
        NodeIdentity me = member.identity();
        return Done.of(Tree.mapping()
                .put("clusterId", me.clusterId()).put("generation", me.generation())
                .put("certificate", Pem.text(List.of(certificate)))
                .put("authority", authority.get().certificatePem())
                .put("clusterKey", Base64.getEncoder().encodeToString(member.clusterKey().bytes()))
                .put("generationProof", member.generationProof())
                .put("peers", peers.build()));
    }

    /** The authority with its key, opened; empty while the cluster is being founded. */
    Optional<ClusterAuthority> authority() {
        return StoredAuthority.open(store::system, member.clusterKey());
    }

    /** The authority's word that a node is removed. */
    String removalProof(String nodeId) {
        return authority().map(authority -> authority.attest(
                Statements.removal(member.identity().clusterId(), nodeId))).orElse("");
    }

    private static Optional<Outcome> refuse(Cause cause, String code, String message, String hint) {
        return Optional.of(new Refused(cause, code, message, hint));
    }
}

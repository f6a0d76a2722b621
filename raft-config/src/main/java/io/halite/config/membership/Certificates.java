package io.halite.config.membership;

import io.halite.config.membership.Outcome.Cause;
import io.halite.config.membership.Outcome.Done;
import io.halite.config.membership.Outcome.Refused;
import io.halite.config.peer.NodeCertificate;
import io.halite.config.peer.PeerNetwork;
import io.halite.config.peer.Pem;
import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeText;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Renews this node's certificate for its same key, through the leader, when two thirds of its life are over; and signs
 * those of others when this node leads. Nothing is restarted. Safe for use by many threads.
 */
final class Certificates {
    private static final System.Logger LOGGER = System.getLogger(Certificates.class.getName());
    static final String VERB = "renew";

    private static final Duration RETRY = Duration.ofMinutes(1);

    private final LocalMember member;
    private final PeerNetwork network;
    private final Roster roster;
    private final JoinService service;
    private final LeaderCalls leader;
    private final InstantSource time;
    private final Consumer<NodeCertificate> renewed;
    private volatile Instant nextAttempt = Instant.MIN;

    Certificates(LocalMember member, PeerNetwork network, Roster roster, JoinService service, LeaderCalls leader,
            InstantSource time, Consumer<NodeCertificate> renewed) {
        this.member = member;
        this.network = network;
        this.roster = roster;
        this.service = service;
        this.leader = leader;
        this.time = time;
        this.renewed = renewed;
    }

    /** Signs on behalf of a member; runs on the leader. */
    Outcome sign(String from, String json) {
        JsonFields fields = JsonFields.of(json);
        PublicKey key = Pem.publicKey(Base64.getDecoder().decode(fields.text("publicKey")));
        MemberRecord record = roster.members().get(from);
        if (record == null || !record.keyHash().equals(hash(key))) {
            return new Refused(Cause.FORBIDDEN, "NOT_A_MEMBER", "no member " + from + " has that key", "");
        }
        return service.authority()
                .<Outcome>map(authority -> Done.of(Tree.mapping().put("certificate", Pem.text(List.of(authority.sign(
                        key, from, LocalMember.names(record.name(), new TreeSet<>(fields.texts("hosts"))),
                        time.instant()))))))
                .orElseGet(() -> new Refused(Cause.UNAVAILABLE, "CLUSTER_NOT_FOUNDED",
                        "the cluster is only just being made", "try again in a moment"));
    }

    static String hash(PublicKey key) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key.getEncoded()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /** Renews this node's certificate if it is time, or if it does not name where the node is dialled now. */
    void renewIfDue(List<String> hosts) {
        Instant now = time.instant();
        NodeCertificate certificate = member.certificate();
        boolean due = now.isAfter(certificate.renewAt()) || !certificate.names(hosts);
        if (due && !now.isBefore(nextAttempt)) {
            nextAttempt = now.plus(RETRY);
            renew(hosts);
        }
    }

    /** Renews this node's certificate now; false when the leader did not sign or the disk refused, which is logged. */
    boolean renew(List<String> hosts) {
        NodeCertificate old = member.certificate();
        Outcome outcome = leader.call(VERB, TreeText.json(Tree.mapping()
                .put("publicKey", Base64.getEncoder().encodeToString(
                        old.certificate().getPublicKey().getEncoded()))
                .put("hosts", Tree.texts(hosts)).build()));
        if (!(outcome instanceof Done done)) {
            LOGGER.log(System.Logger.Level.WARNING, "certificate not renewed until=" + until(old) + " reason=" + outcome);
            return false;
        }
        X509Certificate certificate = Pem.certificates(JsonFields.of(done.json()).text("certificate")).getFirst();
        NodeCertificate next = new NodeCertificate(old.key(), certificate, old.authority());
        try {
            member.renew(next);
        } catch (IOException e) {
            LOGGER.log(System.Logger.Level.ERROR, "certificate not stored until=" + until(old) + " error=" + e);
            return false;
        }
        network.use(next);
        renewed.accept(next);
        LOGGER.log(System.Logger.Level.INFO, "certificate renewed until=" + until(next));
        return true;
    }

    private static Instant until(NodeCertificate certificate) {
        return certificate.certificate().getNotAfter().toInstant();
    }
}

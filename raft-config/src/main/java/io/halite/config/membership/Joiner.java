package io.halite.config.membership;

import io.halite.config.HostPort;
import io.halite.config.peer.AddressBook;
import io.halite.config.peer.ClusterKey;
import io.halite.config.peer.NodeCertificate;
import io.halite.config.peer.Pem;
import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeText;
import java.io.IOException;
import java.nio.file.Files;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;

/**
 * The joining side: asks a member, by its admin port, to be let in. The caller carries {@link #request} there over
 * HTTPS with {@link #pinned} and brings the answer to {@link #accept}. A node that crashed in between is the same node
 * when it tries again. Confined to one thread.
 */
public final class Joiner {
    private final DataDirectory directory;
    private final JoinToken token;
    private final Node node;
    private final KeyPair key;
    private final String nodeId;

    /**
     * The node that joins.
     *
     * @param name what people call it
     * @param hosts the host names and addresses by which it is dialled, for its certificate
     * @param addresses where its links are dialled, the best first
     * @param host the address that people, DNS answers and the page use
     * @param witness whether it shall only vote
     */
    public record Node(String name, Set<String> hosts, List<HostPort> addresses, String host, boolean witness,
            String version, int featureLevel) {
        public Node {
            hosts = Set.copyOf(hosts);
            addresses = List.copyOf(addresses);
        }
    }

    private Joiner(DataDirectory directory, JoinToken token, Node node, String nodeId, KeyPair key) {
        this.directory = directory;
        this.token = token;
        this.node = node;
        this.nodeId = nodeId;
        this.key = key;
    }

    /**
     * Prepares to join with an empty directory.
     *
     * @throws DirectoryException when it belongs to a cluster already, or cannot be written
     */
    public static Joiner prepare(DataDirectory directory, JoinToken token, Node node) throws DirectoryException {
        if (directory.isMember()) {
            throw new DirectoryException("the data directory " + directory.path() + " belongs to a cluster already",
                    "start the node without --join, or give it another directory with --data");
        }
        return prepareToLeave(directory, token, node);
    }

    /**
     * Prepares to join another cluster than the one the node may be a member of, which it leaves once it is let in and
     * started again. Whether there is anything to lose is for the caller to know.
     *
     * @throws DirectoryException when the directory cannot be written
     */
    public static Joiner prepareToLeave(DataDirectory directory, JoinToken token, Node node) throws DirectoryException {
        try {
            if (Files.exists(directory.joining())) {
                JsonFields fields = JsonFields.of(MemberFiles.text(directory.joining()));
                KeyPair key = new KeyPair(Pem.publicKey(Base64.getDecoder().decode(fields.text("publicKey"))),
                        Pem.privateKey(fields.text("key")));
                return new Joiner(directory, token, node, fields.text("nodeId"), key);
            }
            KeyPair key = Pem.newKeyPair();
            String nodeId = NodeIdentity.newNodeId();
            MemberFiles.writeSecret(directory.joining(), TreeText.json(Tree.mapping().put("nodeId", nodeId)
                    .put("publicKey", Base64.getEncoder().encodeToString(key.getPublic().getEncoded()))
                    .put("key", Pem.text(key.getPrivate())).build()));
            return new Joiner(directory, token, node, nodeId, key);
        } catch (IOException e) {
            throw notWritten(directory, e);
        }
    }

    /** TLS that trusts whoever shows a certificate of the authority that the token names, by whatever address. */
    public SSLContext pinned() {
        return PinnedAuthority.context(token);
    }

    /** The JSON to be sent. */
    public String request(Instant now) {
        return new JoinRequest(token.id(), nodeId, node.name(),
                Base64.getEncoder().encodeToString(key.getPublic().getEncoded()), List.copyOf(node.hosts()),
                node.addresses(), node.host(), node.witness(), node.version(), node.featureLevel(), now, "", "")
                .sealed(token, key).json();
    }

    /**
     * Becomes a member by the answer.
     *
     * @throws DirectoryException when the answer is not from the token's cluster, or cannot be written
     */
    public LocalMember accept(String answer) throws DirectoryException {
        keep(answer);
        return resume(directory).orElseThrow();
    }

    /**
     * Keeps the answer, by which the node becomes a member when it is started next; until then nothing changes.
     *
     * @throws DirectoryException when the answer is not from the token's cluster, or cannot be written
     */
    public void keep(String answer) throws DirectoryException {
        try {
            JsonFields fields = JsonFields.of(answer);
            check(Pem.certificates(fields.text("authority")).getFirst(),
                    Pem.certificates(fields.text("certificate")).getFirst());
            ClusterKey.of(Base64.getDecoder().decode(fields.text("clusterKey")));
            MemberFiles.writeSecret(directory.joined(), TreeText.json(Tree.mapping().put("nodeId", nodeId)
                    .put("name", node.name()).put("witness", node.witness()).put("key", Pem.text(key.getPrivate()))
                    .put("answer", answer).build()));
        } catch (IllegalArgumentException e) {
            throw new DirectoryException("the answer to the request to join makes no sense: " + e.getMessage(),
                    "is the peer a Halite node of a fitting version?", e);
        } catch (IOException e) {
            throw notWritten(directory, e);
        }
    }

    /**
     * Becomes a member by an answer that was kept, and forgets what the node was a member of before; empty when none was
     * kept. One that crashed on the way begins again.
     *
     * @throws DirectoryException when the directory cannot be read or written
     */
    public static Optional<LocalMember> resume(DataDirectory directory) throws DirectoryException {
        if (!directory.isJoining()) {
            return Optional.empty();
        }
        try {
            JsonFields kept = JsonFields.of(MemberFiles.text(directory.joined()));
            JsonFields fields = JsonFields.of(kept.text("answer"));
            NodeIdentity identity = new NodeIdentity(fields.text("clusterId"), (int) fields.number("generation"),
                    kept.text("nodeId"), kept.text("name"), kept.flag("witness"), false);
            directory.abandon();
            AddressBook book = new AddressBook();
            JsonFields peers = fields.fields("peers");
            peers.keys().forEach(id -> book.put(id, Places.parse(peers.texts(id))));
            PeersFile.write(directory, book);
            if (!fields.text("generationProof").isEmpty()) {
                MemberFiles.write(directory.generationProof(), fields.text("generationProof") + "\n");
            }
            LocalMember member = LocalMember.found(directory, identity,
                    NodeCertificate.of(kept.text("key") + fields.text("certificate"), fields.text("authority")),
                    ClusterKey.of(Base64.getDecoder().decode(fields.text("clusterKey"))));
            Files.deleteIfExists(directory.joined());
            return Optional.of(member);
        } catch (IllegalArgumentException e) {
            throw new DirectoryException(directory.joined() + " makes no sense: " + e.getMessage(),
                    "delete it and join again", e);
        } catch (IOException e) {
            throw notWritten(directory, e);
        }
    }

    private static DirectoryException notWritten(DataDirectory directory, IOException e) {
        return new DirectoryException("the data directory " + directory.path() + " cannot be written: " + e,
                "check the disk's free space and the directory's owner", e);
    }

    private void check(X509Certificate authority, X509Certificate certificate) throws DirectoryException {
        boolean ours = MessageDigest.isEqual(certificate.getPublicKey().getEncoded(), key.getPublic().getEncoded());
        if (!ours || !token.isOf(authority) || !PinnedAuthority.isSigned(certificate, authority)) {
            throw new DirectoryException("the answer is not from the cluster that made the join token",
                    "use a token of that cluster, or the address of a peer of the token's cluster");
        }
    }
}

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
            throw new DirectoryException("the data directory " + directory.path() + " cannot be written: " + e,
                    "check the disk's free space and the directory's owner", e);
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
        try {
            JsonFields fields = JsonFields.of(answer);
            X509Certificate authority = Pem.certificates(fields.text("authority")).getFirst();
            X509Certificate certificate = Pem.certificates(fields.text("certificate")).getFirst();
            check(authority, certificate);
            NodeIdentity identity = new NodeIdentity(fields.text("clusterId"), (int) fields.number("generation"),
                    nodeId, node.name(), false);
            AddressBook book = new AddressBook();
            JsonFields peers = fields.fields("peers");
            peers.keys().forEach(id -> book.put(id, Places.parse(peers.texts(id))));
            PeersFile.write(directory, book);
            LocalMember member = LocalMember.found(directory, identity,
                    new NodeCertificate(key.getPrivate(), certificate, authority),
                    ClusterKey.of(Base64.getDecoder().decode(fields.text("clusterKey"))));
            Files.deleteIfExists(directory.joining());
            return member;
        } catch (IllegalArgumentException e) {
            throw new DirectoryException("the answer to the request to join makes no sense: " + e.getMessage(),
                    "is the peer a Halite node of a fitting version?", e);
        } catch (IOException e) {
            throw new DirectoryException("the data directory " + directory.path() + " cannot be written: " + e,
                    "check the disk's free space and the directory's owner", e);
        }
    }

    private void check(X509Certificate authority, X509Certificate certificate) throws DirectoryException {
        boolean ours = MessageDigest.isEqual(certificate.getPublicKey().getEncoded(), key.getPublic().getEncoded());
        if (!ours || !token.isOf(authority) || !PinnedAuthority.isSigned(certificate, authority)) {
            throw new DirectoryException("the answer is not from the cluster that made the join token",
                    "use a token of that cluster, or the address of a peer of the token's cluster");
        }
    }
}

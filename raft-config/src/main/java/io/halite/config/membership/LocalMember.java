package io.halite.config.membership;

import io.halite.config.peer.ClusterAuthority;
import io.halite.config.peer.ClusterKey;
import io.halite.config.peer.NodeCertificate;
import io.halite.config.peer.Pem;
import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeText;
import java.io.IOException;
import java.nio.file.Files;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What this node holds of its cluster: who it is, how it proves it, and the key that opens the cluster's secrets.
 * Lives in the data directory. Safe for use by many threads.
 */
public final class LocalMember {
    private final DataDirectory directory;
    private final ClusterKey clusterKey;
    private final String generationProof;
    private volatile NodeIdentity identity;
    private volatile NodeCertificate certificate;

    LocalMember(DataDirectory directory, NodeIdentity identity, NodeCertificate certificate, ClusterKey clusterKey) {
        this.directory = directory;
        this.identity = identity;
        this.certificate = certificate;
        this.clusterKey = clusterKey;
        this.generationProof = readProof(directory);
    }

    private static String readProof(DataDirectory directory) {
        try {
            return Files.exists(directory.generationProof()) ? Files.readString(directory.generationProof()).strip() : "";
        } catch (IOException e) {
            // Without it this node's word is not believed, which is safe.
            return "";
        }
    }

    /** The authority's word for this node's generation; empty when there is none. */
    String generationProof() {
        return generationProof;
    }

    /**
     * Makes a new cluster of one in an empty directory.
     *
     * @param name what people call the node
     * @param hosts the host names and addresses by which the node is dialled, for its certificate
     * @throws DirectoryException when the directory belongs to a cluster already, or cannot be written
     */
    public static LocalMember create(DataDirectory directory, String name, Set<String> hosts, Instant now)
            throws DirectoryException {
        if (directory.isMember()) {
            throw new DirectoryException("the data directory " + directory.path() + " belongs to a cluster already",
                    "start the node without creating a cluster, or give it another directory with --data");
        }
        NodeIdentity identity = NodeIdentity.first(name);
        ClusterAuthority authority = ClusterAuthority.create(identity.clusterId(), now);
        ClusterKey clusterKey = ClusterKey.create();
        KeyPair key = Pem.newKeyPair();
        X509Certificate certificate =
                authority.sign(key.getPublic(), identity.nodeId(), names(name, hosts), now);
        try {
            directory.abandon();
            MemberFiles.writeSecret(directory.founding(), TreeText.json(Tree.mapping()
                    .put(SystemKeys.AUTHORITY_CERTIFICATE, authority.certificatePem())
                    .put(SystemKeys.AUTHORITY_KEY,
                            clusterKey.seal(authority.keyPem(), SystemKeys.AUTHORITY_KEY))
                    .build()));
            return found(directory, identity,
                    new NodeCertificate(key.getPrivate(), certificate, authority.certificate()), clusterKey);
        } catch (IOException e) {
            throw new DirectoryException("the data directory " + directory.path() + " cannot be written: " + e,
                    "check the disk's free space and the directory's owner", e);
        }
    }

    /** Writes all files of a member; the identity comes last, and without it the directory still counts as empty. */
    static LocalMember found(DataDirectory directory, NodeIdentity identity, NodeCertificate certificate,
            ClusterKey clusterKey) throws IOException {
        MemberFiles.write(directory.authority(), Pem.text(List.of(certificate.authority())));
        MemberFiles.writeSecret(directory.nodeCertificate(), certificate.keyPem() + certificate.certificatePem());
        MemberFiles.writeSecret(directory.clusterKey(), Base64.getEncoder().encodeToString(clusterKey.bytes()) + "\n");
        Files.createDirectories(directory.raft());
        identity.write(directory.raftIdentity());
        identity.write(directory.identity());
        return new LocalMember(directory, identity, certificate, clusterKey);
    }

    /**
     * Loads what an earlier run left.
     *
     * @throws DirectoryException when the directory is not whole; it says what to do
     */
    public static LocalMember load(DataDirectory directory) throws DirectoryException {
        NodeIdentity identity = MemberFiles.check(directory);
        try {
            NodeCertificate certificate = NodeCertificate.of(
                    MemberFiles.text(directory.nodeCertificate()), MemberFiles.text(directory.authority()));
            ClusterKey key = ClusterKey.of(Base64.getDecoder().decode(MemberFiles.text(directory.clusterKey()).strip()));
            return new LocalMember(directory, identity, certificate, key);
        } catch (IllegalArgumentException e) {
            throw new DirectoryException("a key or certificate in " + directory.path() + " is damaged: "
                    + e.getMessage(), MemberFiles.REJOIN, e);
        }
    }

    /** The names that the certificate of a node has: those by which it is dialled, and those of its own machine. */
    public static Set<String> names(String name, Set<String> hosts) {
        Set<String> names = new TreeSet<>(hosts);
        names.add(name);
        names.add("localhost");
        names.add("127.0.0.1");
        names.add("::1");
        // A wildcard is no name that anybody dials.
        names.remove("0.0.0.0");
        names.remove("::");
        return names;
    }

    public DataDirectory directory() {
        return directory;
    }

    public NodeIdentity identity() {
        return identity;
    }

    public NodeCertificate certificate() {
        return certificate;
    }

    public ClusterKey clusterKey() {
        return clusterKey;
    }

    /** Shows another certificate from now on. */
    void renew(NodeCertificate renewed) throws IOException {
        MemberFiles.writeSecret(directory.nodeCertificate(), renewed.keyPem() + renewed.certificatePem());
        certificate = renewed;
    }

    /** Belongs to a later generation from now on, which makes every member of the older one a stranger. */
    void enter(int generation) throws IOException {
        NodeIdentity next = identity.withGeneration(generation);
        next.write(directory.raftIdentity());
        next.write(directory.identity());
        identity = next;
    }

    /** Remembers that this node must not take part any more. */
    void expel(String why) throws IOException {
        MemberFiles.write(directory.expelled(), why + "\n");
    }

    /** Remembers that Raft's term and vote are on disk, so that their loss is noticed. */
    public void markStarted() throws IOException {
        if (!identity.started() && Files.exists(directory.raftMeta().resolve("raft_meta"))) {
            NodeIdentity started = identity.withStarted();
            started.write(directory.raftIdentity());
            identity = started;
        }
    }
}

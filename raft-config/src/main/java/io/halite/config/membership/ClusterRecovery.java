package io.halite.config.membership;

import io.halite.config.Revision;
import io.halite.config.store.ConfigStore;
import io.halite.config.store.Content;
import io.halite.config.store.Proposal;
import io.halite.config.store.ProposalResult;
import io.halite.config.store.ReplicatedState;
import io.halite.config.store.StateException;
import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeText;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The way out when too few voters are left: one survivor becomes the whole cluster, in a new generation. Members of
 * the old generation that come back are refused and fence themselves; without that they could elect one of their own
 * and overwrite the survivor. Whatever only the lost nodes had acknowledged is lost, so the survivor should be the one
 * that has applied most. Stateless.
 */
public final class ClusterRecovery {
    private static final System.Logger LOGGER = System.getLogger(ClusterRecovery.class.getName());

    private ClusterRecovery() {}

    /**
     * What a stopped node knows of its cluster.
     *
     * @param revision the last that it has applied; Raft's log may hold a little more
     * @param members all of them, this node among them, by node id
     */
    public record Found(NodeIdentity self, String clusterName, Revision revision, List<MemberRecord> members) {
        public Found {
            members = List.copyOf(members);
        }
    }

    /**
     * Reads what a stopped node knows of its cluster, and changes none of it.
     *
     * @throws DirectoryException when the directory is not that of a whole member
     */
    public static Found inspect(DataDirectory directory) throws DirectoryException {
        NodeIdentity self = LocalMember.load(directory).identity();
        try (ReplicatedState state = ReplicatedState.open(directory.state())) {
            Content content = state.content();
            List<MemberRecord> members = content.system().entrySet().stream()
                    .filter(record -> record.getKey().startsWith(SystemKeys.MEMBERS))
                    .map(record -> MemberRecord.of(
                            record.getKey().substring(SystemKeys.MEMBERS.length()), record.getValue()))
                    .toList();
            return new Found(self, content.system().getOrDefault(SystemKeys.CLUSTER_NAME, "halite"),
                    content.state().revision(), members);
        } catch (StateException e) {
            throw new DirectoryException(String.valueOf(e.getMessage()),
                    "recover from another survivor, or restore a backup", e);
        }
    }

    /**
     * Makes a stopped node the one survivor; it carries it out when it is started next.
     *
     * @throws DirectoryException when the directory is not that of a whole member, or cannot be written
     */
    public static NodeIdentity prepare(DataDirectory directory) throws DirectoryException {
        LocalMember member = LocalMember.load(directory);
        try {
            // The marker first: a crash in between leaves a node that recovers, never one that forgot to.
            MemberFiles.write(directory.recovering(), "recovering\n");
            int generation = member.identity().generation() + 1;
            MemberFiles.write(directory.generationProof(), proof(directory, member, generation) + "\n");
            member.enter(generation);
            return member.identity();
        } catch (IOException e) {
            throw new DirectoryException("the data directory " + directory.path() + " cannot be written: " + e,
                    "check the disk's free space and the directory's owner", e);
        }
    }

    /** The authority's word for the new generation, without which no member of the old one believes it. */
    private static String proof(DataDirectory directory, LocalMember member, int generation) throws DirectoryException {
        try (ReplicatedState state = ReplicatedState.open(directory.state())) {
            SortedMap<String, String> system = state.content().system();
            return StoredAuthority.open(key -> Optional.ofNullable(system.get(key)), member.clusterKey())
                    .map(authority -> authority.attest(
                            Statements.generation(member.identity().clusterId(), generation))).orElse("");
        } catch (StateException | IllegalArgumentException e) {
            throw new DirectoryException("the authority's key cannot be had: " + e.getMessage(),
                    "recover from another survivor, or restore a backup", e);
        }
    }

    /** Whether this node is to become the whole cluster. */
    public static boolean isUnderWay(DataDirectory directory) {
        return Files.exists(directory.recovering());
    }

    /** The last step, once the survivor leads itself: nobody else is a member any more. */
    static void finish(LocalMember member, ConfigStore store, Roster roster, UnaryOperator<String> removalProof) {
        DataDirectory directory = member.directory();
        if (!isUnderWay(directory) || !store.leadership().leading()) {
            return;
        }
        String self = member.identity().nodeId();
        Map<String, @Nullable String> puts = new HashMap<>();
        roster.members().values().stream().filter(other -> !other.id().equals(self)).forEach(other -> {
            puts.put(SystemKeys.member(other.id()), null);
            puts.put(SystemKeys.removed(other.id()), TreeText.json(Tree.mapping().put("name", other.name())
                    .put("author", "cluster").put("reason", "cluster recovered without it")
                    .put("proof", removalProof.apply(other.id())).build()));
        });
        ProposalResult result = store.propose(new Proposal.SystemTransaction(Map.of(), puts,
                roster.origin("cluster", "recovered to generation " + member.identity().generation())));
        if (!(result instanceof ProposalResult.Committed)) {
            LOGGER.log(System.Logger.Level.WARNING, "recovery not finished yet reason=" + result);
            return;
        }
        try {
            Files.deleteIfExists(directory.recovering());
            LOGGER.log(System.Logger.Level.INFO, "cluster recovered generation=" + member.identity().generation()
                    + " abandoned=" + List.copyOf(puts.keySet()));
        } catch (IOException e) {
            LOGGER.log(System.Logger.Level.ERROR, "recovery not finished yet error=" + e);
        }
    }
}

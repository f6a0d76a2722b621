package io.halite.config.membership;

import io.halite.config.store.ConfigStore;
import io.halite.config.store.Proposal;
import io.halite.config.store.ProposalResult;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The first entry of a new cluster: its authority, its name and its first member, from the file that was written with
 * the directory. Done when the leader finds the file; the file goes when the records are there. Stateless.
 */
final class Founding {
    private static final System.Logger LOGGER = System.getLogger(Founding.class.getName());

    private Founding() {}

    static void finish(LocalMember member, ConfigStore store, Roster roster, MemberRecord self) {
        DataDirectory directory = member.directory();
        if (!Files.exists(directory.founding()) || !store.leadership().leading()) {
            return;
        }
        try {
            if (store.system(SystemKeys.AUTHORITY_KEY).isEmpty()) {
                JsonFields founding = JsonFields.of(MemberFiles.text(directory.founding()));
                Map<String, @Nullable String> puts = new HashMap<>();
                founding.keys().forEach(key -> puts.put(key, founding.text(key)));
                puts.put(SystemKeys.member(self.id()), self.json());
                puts.put(SystemKeys.CLUSTER_NAME, "halite");
                puts.put(SystemKeys.FEATURE_LEVEL, Integer.toString(self.featureLevel()));
                Map<String, @Nullable String> expected = new HashMap<>();
                expected.put(SystemKeys.AUTHORITY_KEY, null);
                ProposalResult result = store.propose(new Proposal.SystemTransaction(expected, puts,
                        roster.origin("cluster", "cluster created")));
                if (!(result instanceof ProposalResult.Committed)) {
                    LOGGER.log(System.Logger.Level.WARNING, "cluster not founded yet reason=" + result);
                    return;
                }
            }
            Files.deleteIfExists(directory.founding());
        } catch (IOException | DirectoryException e) {
            LOGGER.log(System.Logger.Level.ERROR, "cluster not founded yet error=" + e.getMessage());
        }
    }
}

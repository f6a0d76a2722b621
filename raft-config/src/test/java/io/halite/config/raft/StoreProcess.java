package io.halite.config.raft;

import io.halite.config.Revision;
import io.halite.config.store.Proposal;
import io.halite.config.store.ProposalResult;
import io.halite.config.store.ProposalResult.Committed;
import java.nio.file.Path;

/**
 * A process with a store of one node, to be killed: it writes one revision after the other, and prints each number
 * once it was acknowledged.
 */
final class StoreProcess {
    private StoreProcess() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] args) throws Exception {
        TestNode node = TestNode.open(Path.of(args[0]));
        node.awaitLeading();
        System.out.println("recovered " + node.store.current().revision());
        long revision = node.store.current().revision().number();
        while (true) {
            ProposalResult result = node.store.propose(new Proposal.Replace(new Revision(revision),
                    TestConfigs.numbered(Math.toIntExact(revision)), null, TestConfigs.origin()));
            if (!(result instanceof Committed committed)) {
                throw new IllegalStateException(result.toString());
            }
            revision = committed.revision().number();
            System.out.println("acknowledged " + revision);
        }
    }
}

package io.halite.appliance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.halite.appliance.cli.client.ExitCode;
import io.halite.appliance.cli.client.Fields;
import io.halite.config.tree.Tree;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class AppliedByTest {
    private static Tree failure(String node, String object) {
        return Tree.mapping().put("node", node).put("object", object).put("message", "it is taken").build();
    }

    @Test
    void nodesThatCouldNotPutTheSameToWorkShareALine() {
        Tree.Mapping answer = Tree.mapping().put("revision", 7).put("activeOn", Tree.texts(List.of("lb-1", "lb-2")))
                .put("pendingOn", Tree.texts(List.of("lb-3"))).put("failures", Tree.list(List.of(
                        failure("lb-1", "a"), failure("lb-1", "b"), failure("lb-2", "a")))).build();
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        assertEquals(ExitCode.OK,
                AppliedBy.tell(new Fields(answer), new WaitOptions(), new PrintWriter(out), new PrintWriter(err)));
        assertEquals("revision 7 is active on 2 of 3 nodes: lb-1, lb-2\n", out.toString());
        assertEquals("""
                halite: on nodes lb-1, lb-2: a could not be put to work: it is taken
                halite: on node lb-1: b could not be put to work: it is taken
                """, err.toString());
    }
}

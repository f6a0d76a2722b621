package io.halite.config.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.HostPort;
import io.halite.config.membership.DataDirectory;
import io.halite.config.membership.DirectoryException;
import io.halite.config.membership.JoinToken;
import io.halite.config.membership.Joiner;
import io.halite.config.membership.LocalMember;
import io.halite.config.membership.Outcome;
import io.halite.config.membership.Outcome.Cause;
import io.halite.config.membership.Outcome.Done;
import io.halite.config.membership.Outcome.Refused;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every way in which joining is refused says why, and one that crashed in the middle is the same node again. */
class JoinTest {
    @TempDir
    Path root;

    @Test
    void tokensAreCheckedAndEveryRefusalSaysWhy() throws Exception {
        try (TestCluster cluster = TestCluster.of(1, root.resolve("c"));
                TestCluster other = TestCluster.of(1, root.resolve("o"));
                DataDirectory directory = DataDirectory.open(root.resolve("joiner"))) {
            ClusterNode member = cluster.node(1);
            String token = member.token();
            refused(member, joiner(directory, other.node(1).token(), "lb-9"), Instant.now(), "TOKEN_UNKNOWN");
            refused(member, joiner(directory, token, "lb-9"), Instant.now().plus(Duration.ofHours(1)), "CLOCK_SKEW");
            refused(member, joiner(directory, token, "lb-1"), Instant.now(), "NAME_TAKEN");
            refused(member, joiner(directory, withOtherSecret(token, member.token()), "lb-9"), Instant.now(),
                    "TOKEN_WRONG");
            Outcome old = member.membership.createToken(Duration.ofMillis(1), 1, "tester");
            String expired = ClusterNode.field(assertInstanceOf(Done.class, old).json(), "token");
            TestCluster.await().until(() -> member.membership.join(
                    joiner(directory, expired, "lb-9").request(Instant.now()), "test") instanceof Refused refused
                    && refused.code().equals("TOKEN_EXPIRED"));
            Outcome malformed = member.membership.join("{}", "test");
            assertEquals("JOIN_MALFORMED", assertInstanceOf(Refused.class, malformed).code());
            assertInstanceOf(Done.class,
                    member.membership.join(joiner(directory, token, "lb-9").request(Instant.now()), "test"));
            try (DataDirectory next = DataDirectory.open(root.resolve("next"))) {
                refused(member, joiner(next, token, "lb-8"), Instant.now(), "TOKEN_USED_UP");
            }
        }
    }

    @Test
    void aNodeThatAsksTwiceIsTheSameMemberAndUsesTheTokenOnce() throws Exception {
        try (TestCluster cluster = TestCluster.of(1, root.resolve("c"))) {
            ClusterNode member = cluster.node(1);
            String token = member.token();
            try (DataDirectory directory = DataDirectory.open(root.resolve("joiner"))) {
                assertInstanceOf(Done.class,
                        member.membership.join(joiner(directory, token, "lb-2").request(Instant.now()), "test"));
            }
            // As after a crash before the answer came.
            try (DataDirectory directory = DataDirectory.open(root.resolve("joiner"))) {
                Joiner again = joiner(directory, token, "lb-2");
                Done done = assertInstanceOf(Done.class, member.membership.join(again.request(Instant.now()), "test"));
                LocalMember joined = again.accept(done.json());
                assertEquals(member.member.identity().clusterId(), joined.identity().clusterId());
                assertEquals(2, member.membership.members().size());
            }
        }
    }

    @Test
    void anAnswerOfAnotherClusterIsNotAccepted() throws Exception {
        try (TestCluster cluster = TestCluster.of(1, root.resolve("c"));
                TestCluster impostor = TestCluster.of(1, root.resolve("o"));
                DataDirectory directory = DataDirectory.open(root.resolve("joiner"))) {
            Joiner fooled = joiner(directory, impostor.node(1).token(), "lb-2");
            Done answer = assertInstanceOf(Done.class, impostor.node(1).membership.join(fooled.request(Instant.now()),
                    "test"));
            Joiner real = joiner(directory, cluster.node(1).token(), "lb-2");
            DirectoryException refused = assertThrows(DirectoryException.class, () -> real.accept(answer.json()));
            assertTrue(String.valueOf(refused.getMessage()).contains("not from the cluster"), refused.getMessage());
        }
    }

    @Test
    void aTokenThatWasCopiedWronglySaysSo() {
        assertThrows(IllegalArgumentException.class, () -> JoinToken.parse("HAL1.a.b.c"));
        assertThrows(IllegalArgumentException.class, () -> JoinToken.parse("HAL1.aaaa.bbbb.cccc.00000000"));
    }

    private static void refused(ClusterNode member, Joiner joiner, Instant time, String code) {
        Refused refused = assertInstanceOf(Refused.class, member.membership.join(joiner.request(time), "test"));
        assertEquals(code, refused.code(), refused::message);
        assertTrue(refused.cause() == Cause.FORBIDDEN || refused.cause() == Cause.CONFLICT, refused.toString());
        assertTrue(!refused.hint().isEmpty(), refused.toString());
    }

    /** The id of one token with the secret of another. */
    private static String withOtherSecret(String token, String other) {
        String[] parts = token.split("\\.", -1);
        String middle = parts[1] + "." + parts[2] + "." + other.split("\\.", -1)[3];
        CRC32 crc = new CRC32();
        crc.update(middle.getBytes(StandardCharsets.US_ASCII));
        return String.format(Locale.ROOT, "HAL1.%s.%08x", middle, crc.getValue());
    }

    private static Joiner joiner(DataDirectory directory, String token, String name) throws DirectoryException {
        return Joiner.prepare(directory, JoinToken.parse(token), new Joiner.Node(name, Set.of("127.0.0.1"),
                List.of(new HostPort("127.0.0.1", 7100)), "127.0.0.1", false, "test", RaftConfigStore.FEATURE_LEVEL));
    }
}

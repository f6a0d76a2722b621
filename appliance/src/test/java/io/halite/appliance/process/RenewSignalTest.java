package io.halite.appliance.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class RenewSignalTest {
    private static final List<String> OWN =
            List.of("/jdk/bin/java", "-Xmx512m", "-cp", "a.jar:b.jar", "io.halite.appliance.Main", "run", "--data", "/d");

    @Test
    void theLauncherIsAskedWhereThereIsOne() {
        assertEquals(List.of("/opt/halite/bin/halite", "run", "--data", "/d", "--takeover"),
                RenewSignal.command(OWN, "/opt/halite"));
    }

    @Test
    void withoutALauncherTheSameCommandRuns() {
        List<String> expected = new java.util.ArrayList<>(OWN);
        expected.add("--takeover");
        assertEquals(expected, RenewSignal.command(OWN, ""));
    }

    @Test
    void aSuccessorOfASuccessorIsToldOnce() {
        List<String> own = List.of("java", "io.halite.appliance.Main", "run", "--takeover=30s");
        assertEquals(List.of("/h/bin/halite", "run", "--takeover=30s"), RenewSignal.command(own, "/h"));
    }
}

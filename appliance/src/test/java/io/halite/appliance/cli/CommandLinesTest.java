package io.halite.appliance.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class CommandLinesTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void wrongUsageIsTwoAndSuggestsWhatWasMeant() {
        assertEquals(2, run("aply"));
        assertTrue(err.toString().contains("apply"), err.toString());
        assertEquals(2, run());
        assertEquals(2, run("apply"));
        assertTrue(err.toString().contains("--file"), err.toString());
        assertEquals(2, run("get", "widgets", "--data", "/none"));
        assertEquals(2, run("history", "-o", "xml"));
        assertEquals(2, run("rollback", "seven"));
        assertTrue(err.toString().contains("'seven' is no whole number"), err.toString());
        err.getBuffer().setLength(0);
        assertEquals(2, run("aply"));
        assertTrue(err.toString().contains("hint: 'halite --help' explains"), err.toString());
    }

    @Test
    void withoutANodeEveryVerbThatNeedsOneIsSeven() {
        for (String[] verb : new String[][] {{"status"}, {"export"}, {"history"}, {"get", "pools"}, {"show", "1"},
            {"describe", "pool", "app"}, {"rollback", "1"}, {"drain", "app/one"}}) {
            String[] arguments = java.util.Arrays.copyOf(verb, verb.length + 2);
            arguments[verb.length] = "--data";
            arguments[verb.length + 1] = "/nowhere";
            assertEquals(7, run(arguments), String.join(" ", verb));
        }
    }

    @Test
    void whoIsAskedMayStandBeforeTheVerb() {
        assertArrayEquals(new String[] {"get", "pools", "-o", "json", "--data", "/d", "--url=https://a"},
                CommandLines.verbFirst("--data", "/d", "--url=https://a", "get", "pools", "-o", "json"));
        assertArrayEquals(new String[] {"status"}, CommandLines.verbFirst("status"));
        assertArrayEquals(new String[] {"--data"}, CommandLines.verbFirst("--data"));
        assertEquals(7, run(CommandLines.verbFirst("--data", "/nowhere", "status")));
    }

    @Test
    void everyVerbExplainsItselfAndAllThatItTakes() {
        explained(CommandLines.create().getCommandSpec());
    }

    private static void explained(CommandLine.Model.CommandSpec verb) {
        StringWriter usage = new StringWriter();
        assertEquals(0, verb.commandLine().setOut(new PrintWriter(usage)).execute("--help"), verb.qualifiedName());
        assertTrue(usage.toString().contains("Usage: " + verb.qualifiedName()), usage.toString());
        assertTrue(verb.usageMessage().description().length > 0, verb.qualifiedName());
        for (CommandLine.Model.ArgSpec each : verb.args()) {
            assertTrue(each.description().length > 0, verb.qualifiedName() + " " + each.paramLabel());
        }
        verb.subcommands().values().forEach(below -> explained(below.getCommandSpec()));
    }

    @Test
    void helpAndVersionAreZero() {
        assertEquals(0, run("--help"));
        assertEquals(0, run("--version"));
        assertEquals(0, run("apply", "--help"));
        assertTrue(out.toString().contains("--confirm-within"), out.toString());
        assertEquals(0, run("version"));
        assertEquals(0, run("completion", "zsh"));
    }

    private int run(String... arguments) {
        return CommandLines.create().setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(arguments);
    }
}

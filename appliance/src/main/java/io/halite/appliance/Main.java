package io.halite.appliance;

import io.halite.appliance.cli.CommandLines;
import io.halite.appliance.demo.DemoCommand;

/** The entry point of the program. */
public final class Main {
    private Main() {}

    /** Runs a verb and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.exit(CommandLines.create(new RunCommand(), new DemoCommand()).execute(CommandLines.verbFirst(arguments)));
    }
}

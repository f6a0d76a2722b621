package io.halite.appliance.demo;

import io.halite.appliance.cli.client.CommandFailure;
import io.halite.appliance.cli.client.ExitCode;
import io.halite.appliance.process.StopSignal;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The verb that shows Halite at work on this machine. */
@Command(name = "demo",
        description = "Runs three nodes and four sample backends on this machine until Ctrl-C, and says what to try.")
public final class DemoCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        String home = System.getProperty("halite.home");
        if (home == null) {
            throw new CommandFailure(ExitCode.FAILED, "the demo starts nodes by the launcher, and this is not run by it",
                    "run 'halite demo' or './halite demo'");
        }
        StopSignal stop = StopSignal.install();
        try (Demo demo = new Demo()) {
            demo.start(Path.of(home, "bin", "halite"), stop, out);
            demo.watch(stop, out);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, "the demo could not start: " + e.getMessage(), "");
        } catch (InterruptedException e) {
            // The wish to stop came during the start.
        }
        out.println("all stopped, nothing is left behind");
        out.flush();
        return ExitCode.OK.number();
    }
}

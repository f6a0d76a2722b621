package io.halite.appliance.cli;

import io.halite.appliance.cli.client.AdminClient;
import io.halite.appliance.cli.client.ExitCode;
import io.halite.appliance.cli.client.Fields;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "check", description = "Probes a target now and tells what came of it; exit code 1 if it did not pass.")
final class CheckCommand extends ClientCommand {
    @Parameters(paramLabel = "POOL/TARGET", description = "Which target is probed.")
    private TargetName target = new TargetName("", "");

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Override
    ExitCode run(AdminClient client, PrintWriter out) {
        Fields verdict = client.post(target.path() + ":check", "{}").fields();
        output.form().print(out, verdict.tree(), List.of("targets/" + target), () -> target + " "
                + verdict.text("verdict") + " in " + verdict.text("took") + ", probed by " + verdict.text("prober")
                + "\n  " + (verdict.text("reason").isEmpty() ? "" : verdict.text("reason") + ": ")
                + verdict.text("message") + "\n");
        return verdict.text("verdict").equals("passed") ? ExitCode.OK : ExitCode.FAILED;
    }
}

package io.halite.appliance.cli;

import io.halite.appliance.cli.client.AdminClient;
import io.halite.appliance.cli.client.ExitCode;
import io.halite.appliance.cli.client.Fields;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "rollback", description = "Makes an earlier revision the config again, as a new revision.")
final class RollbackCommand extends ClientCommand {
    @Parameters(paramLabel = "REVISION", description = "Its number, as history shows it.")
    private long revision;

    @Mixin
    private ReasonOption reason = new ReasonOption();

    @Mixin
    private WaitOptions waiting = new WaitOptions();

    @Override
    ExitCode run(AdminClient client, PrintWriter out) {
        String query = waiting.parameters();
        Fields answer = client.post("/revisions/" + revision + ":rollback" + query.replaceFirst("&", "?"),
                reason.body()).fields();
        if (!answer.isTrue("changed")) {
            out.println("nothing to change: revision " + answer.text("revision") + " equals revision " + revision);
            return ExitCode.OK;
        }
        return AppliedBy.tell(answer, waiting, out, err());
    }
}

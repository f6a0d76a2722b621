package io.halite.appliance.cli;

import io.halite.appliance.cli.client.AdminClient;
import io.halite.appliance.cli.client.ExitCode;
import io.halite.appliance.cli.client.Fields;
import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeText;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "rollback", description = "Makes an earlier revision the config again, as a new revision.")
final class RollbackCommand extends ClientCommand {
    @Parameters(paramLabel = "REVISION")
    private long revision;

    @Mixin
    private ReasonOption reason = new ReasonOption();

    @Override
    ExitCode run(AdminClient client, PrintWriter out) {
        String body = TreeText.json(Tree.mapping().put("reason", reason.reason()).build());
        Fields answer = client.post("/revisions/" + revision + ":rollback", body).fields();
        out.println(answer.isTrue("changed")
                ? "revision " + answer.text("revision") + " is live: it restores revision " + revision
                : "nothing to change: revision " + answer.text("revision") + " equals revision " + revision);
        return ExitCode.OK;
    }
}

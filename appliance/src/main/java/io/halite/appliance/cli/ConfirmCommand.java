package io.halite.appliance.cli;

import io.halite.appliance.cli.client.AdminClient;
import io.halite.appliance.cli.client.CommandFailure;
import io.halite.appliance.cli.client.ExitCode;
import io.halite.appliance.cli.client.Fields;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "confirm", description = "Keeps a revision that was applied with --confirm-within.")
final class ConfirmCommand extends ClientCommand {
    @Parameters(paramLabel = "REVISION", arity = "0..1", description = "Default: the one that waits.")
    private @Nullable Long revision;

    @Override
    ExitCode run(AdminClient client, PrintWriter out) {
        String wanted = revision == null ? waiting(client) : Long.toString(revision);
        client.post("/revisions/" + wanted + ":confirm", "{}");
        out.println("revision " + wanted + " stays");
        return ExitCode.OK;
    }

    private static String waiting(AdminClient client) {
        Fields confirmation = client.get("/status").fields().object("confirmation");
        if (confirmation.text("revision").isEmpty()) {
            throw new CommandFailure(ExitCode.NOT_FOUND, "no revision waits for a confirmation",
                    "'halite history' lists all; an unconfirmed one has been undone already");
        }
        return confirmation.text("revision");
    }
}

package io.halite.appliance.cli;

import io.halite.appliance.cli.client.AdminClient;
import io.halite.appliance.cli.client.ExitCode;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** A verb that sets the admin state of targets. */
abstract class AdminStateCommand extends ClientCommand {
    @Parameters(paramLabel = "POOL/TARGET", arity = "1..*")
    private List<TargetName> targets = List.of();

    @Mixin
    private ReasonOption reason = new ReasonOption();

    private final String verb;

    AdminStateCommand(String verb) {
        this.verb = verb;
    }

    @Command(name = "drain", description = "Lets targets finish what they have and sends nothing new; checks go on.")
    static final class Drain extends AdminStateCommand {
        Drain() {
            super("drain");
        }
    }

    @Command(name = "ready", description = "Puts targets back to work.")
    static final class Ready extends AdminStateCommand {
        Ready() {
            super("ready");
        }
    }

    @Command(name = "maint", description = "Takes targets out for maintenance: no traffic, no checks.")
    static final class Maint extends AdminStateCommand {
        Maint() {
            super("maint");
        }
    }

    @Override
    ExitCode run(AdminClient client, PrintWriter out) {
        String body = reason.body();
        for (TargetName name : targets) {
            client.post(name.path() + ":" + verb, body);
            out.println(name + " is in admin state " + verb);
        }
        return ExitCode.OK;
    }
}

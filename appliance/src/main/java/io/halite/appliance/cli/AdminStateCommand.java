package io.halite.appliance.cli;

import io.halite.appliance.cli.SettledOptions.Change;
import io.halite.appliance.cli.client.AdminClient;
import io.halite.appliance.cli.client.ExitCode;
import io.halite.appliance.cli.client.Fields;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** A verb that sets the admin state of targets and nodes. */
abstract class AdminStateCommand extends ClientCommand {
    @Parameters(paramLabel = "POOL/TARGET|node/NODE", arity = "1..*")
    private List<Subject> subjects = List.of();

    @Mixin
    private ReasonOption reason = new ReasonOption();

    @Mixin
    private SettledOptions settled = new SettledOptions();

    private final String verb;

    AdminStateCommand(String verb) {
        this.verb = verb;
    }

    @Command(name = "drain", description = "Lets targets finish what they have and sends nothing new; checks go on. "
            + "A node leaves DNS answers, and its checks and the leadership go to others.")
    static final class Drain extends AdminStateCommand {
        Drain() {
            super("drain");
        }
    }

    @Command(name = "ready", description = "Puts targets or nodes back to work.")
    static final class Ready extends AdminStateCommand {
        Ready() {
            super("ready");
        }
    }

    @Command(name = "maint", description = "Takes targets out for maintenance: no traffic, no checks. "
            + "A node as with drain.")
    static final class Maint extends AdminStateCommand {
        Maint() {
            super("maint");
        }
    }

    @Override
    ExitCode run(AdminClient client, PrintWriter out) {
        String body = reason.body();
        Duration limit = settled.limit();
        long version = 0;
        for (Subject subject : subjects) {
            version = Math.max(version, version(client.post(subject.path() + ":" + verb, body).fields()));
            out.println(subject + " is in admin state " + verb);
        }
        if (settled.isAsked()) {
            out.flush();
            settled.await(client, new Change(subjects, verb, version, !verb.equals("ready")), limit);
            out.println("every node works by it" + (verb.equals("ready") ? "" : ", nothing is under way on node "
                    + client.get("/status").fields().object("node").text("name")));
        }
        return ExitCode.OK;
    }

    private static long version(Fields answer) {
        String version = answer.text("adminVersion");
        return version.isEmpty() ? 0 : Long.parseLong(version);
    }
}

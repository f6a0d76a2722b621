package io.halite.appliance.cli;

import io.halite.appliance.cli.SettledOptions.Change;
import io.halite.appliance.cli.client.AdminClient;
import io.halite.appliance.cli.client.ExitCode;
import io.halite.appliance.cli.client.Fields;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** A verb that sets the admin state of targets and nodes. */
abstract class AdminStateCommand extends ClientCommand {
    @Parameters(paramLabel = "POOL/TARGET|node/NODE", arity = "1..*", description = "Which targets or nodes.")
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
        long end = settled.end();
        List<Change> changes = new ArrayList<>();
        for (Subject subject : subjects) {
            Fields answer = settled.persist(
                    () -> client.post(subject.path() + ":" + verb, reason.body()).fields(), end);
            changes.add(new Change(subject, verb, mark(answer, subject)));
            out.println(subject + " is in admin state " + verb);
        }
        if (settled.isAsked()) {
            out.flush();
            settled.await(client, changes, end);
            changes.forEach(change -> out.println(change.subject() + ": " + change.proven()));
        }
        return ExitCode.OK;
    }

    private static long mark(Fields answer, Subject subject) {
        String mark = answer.text(subject instanceof Subject.OneTarget ? "adminVersion" : "appliedIndex");
        return mark.isEmpty() ? 0 : Long.parseLong(mark);
    }
}

package io.halite.appliance.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code halite} without a verb: prints what verbs there are. */
@Command(name = "halite", description = "A self-contained, clustered load balancer appliance.",
        synopsisSubcommandLabel = "VERB", mixinStandardHelpOptions = true, scope = ScopeType.INHERIT,
        versionProvider = Version.Provider.class,
        subcommands = {ApplyCommand.class, DiffCommand.class, ValidateCommand.class, ExportCommand.class,
            GetCommand.class, DescribeCommand.class, StatusCommand.class, HistoryCommand.class,
            ShowCommand.class, RollbackCommand.class, ConfirmCommand.class, AdminStateCommand.Drain.class,
            AdminStateCommand.Ready.class, AdminStateCommand.Maint.class, CheckCommand.class,
            TraceCommand.class, SecretCommand.class, CompletionCommand.class, VersionCommand.class})
final class HaliteCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return CommandLine.ExitCode.USAGE;
    }
}

package io.halite.appliance.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.ScopeType;

/** {@code halite} without a verb: prints what verbs there are. */
@Command(name = "halite", description = "A self-contained, clustered load balancer appliance.",
        synopsisSubcommandLabel = "VERB", mixinStandardHelpOptions = true, scope = ScopeType.INHERIT,
        versionProvider = Version.Provider.class,
        subcommands = {ApplyCommand.class, DiffCommand.class, ValidateCommand.class, ExportCommand.class,
            GetCommand.class, DescribeCommand.class, StatusCommand.class, TopCommand.class, WatchCommand.class,
            HistoryCommand.class,
            ShowCommand.class, RollbackCommand.class, ConfirmCommand.class, AdminStateCommand.Drain.class,
            AdminStateCommand.Ready.class, AdminStateCommand.Maint.class, WeightCommand.class, CheckCommand.class,
            TraceCommand.class, DnsCommand.class, SecretCommand.class, TokenCommand.class, NodeCommand.class,
            JoinCommand.class, ClusterCommand.class, BackupCommand.class,
            RestoreCommand.class, CompletionCommand.class, VersionCommand.class})
final class HaliteCommand extends VerbGroup {}

package io.halite.appliance.cli;

import io.halite.appliance.cli.client.CommandFailure;
import io.halite.appliance.cli.client.Endpoint;
import io.halite.appliance.cli.client.ExitCode;
import io.halite.appliance.cli.print.Table;
import io.halite.appliance.cli.print.Times;
import io.halite.config.membership.ClusterRecovery;
import io.halite.config.membership.ClusterRecovery.Found;
import io.halite.config.membership.DataDirectory;
import io.halite.config.membership.DirectoryException;
import io.halite.config.membership.MemberRecord;
import io.halite.config.tree.Tree;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "cluster", description = "Saves a cluster that has lost too many voters.",
        subcommands = ClusterCommand.Recover.class)
final class ClusterCommand extends VerbGroup {

    @Command(name = "recover", description = {
        "Makes a stopped node the one survivor of its cluster, for when too few voters are left.",
        "Choose the node of the highest revision: what only others had acknowledged is lost. Every other member must be "
                + "named by --abandon; members that come back are refused and join anew."})
    static final class Recover implements Callable<Integer> {
        private static final Path OWN_PROCESS = Path.of("/proc/self");

        @Option(names = "--data", paramLabel = "DIR", description = "The data directory of the stopped node "
                + "(HALITE_DATA; default " + Endpoint.DEFAULT_DATA + ").")
        private @Nullable Path data;

        @Option(names = "--abandon", paramLabel = "NODE",
                description = "A member that is off and will not come back as it was, by name or id; repeatable.")
        private List<String> abandoned = List.of();

        @Mixin
        private OutputOptions output = new OutputOptions();

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() {
            Path path = path();
            PrintWriter out = spec.commandLine().getOut();
            try {
                return recover(path, out).number();
            } catch (DirectoryException e) {
                throw new CommandFailure(ExitCode.FAILED, String.valueOf(e.getMessage()), e.hint());
            } finally {
                out.flush();
            }
        }

        private Path path() {
            Path given = data;
            String environment = System.getenv("HALITE_DATA");
            Path path = given != null ? given
                    : Path.of(environment == null || environment.isEmpty() ? Endpoint.DEFAULT_DATA : environment);
            if (!Files.isDirectory(path)) {
                throw new CommandFailure(ExitCode.NOT_FOUND, "there is no data directory " + path,
                        "give the one of the stopped node by --data");
            }
            requireOwner(path);
            return path;
        }

        /** Files that another user writes here could not be read by the node afterwards. */
        private static void requireOwner(Path path) {
            try {
                UserPrincipal owner = Files.getOwner(path);
                if (Files.exists(OWN_PROCESS) && !Files.getOwner(OWN_PROCESS).equals(owner)) {
                    throw new CommandFailure(ExitCode.NOT_AUTHORIZED, path + " belongs to the user " + owner.getName(),
                            "run the command as that user, such as 'sudo -u " + owner.getName()
                                    + " halite cluster recover …'");
                }
            } catch (IOException e) {
                throw new CommandFailure(ExitCode.FAILED, "cannot read " + path + ": " + e.getMessage(), "");
            }
        }

        private ExitCode recover(Path path, PrintWriter out) throws DirectoryException {
            try (DataDirectory directory = DataDirectory.open(path)) {
                if (!directory.isMember()) {
                    throw new CommandFailure(ExitCode.NOT_FOUND, path + " holds no member of a cluster",
                            "give the data directory of the stopped node by --data");
                }
                boolean under = ClusterRecovery.isUnderWay(directory);
                Found found = ClusterRecovery.inspect(directory);
                List<MemberRecord> others = found.members().stream()
                        .filter(member -> !member.id().equals(found.self().nodeId())).toList();
                boolean needed = !under && !others.isEmpty();
                List<String> missing = needed ? missing(others) : List.of();
                if (needed && missing.isEmpty()) {
                    ClusterRecovery.prepare(directory);
                    under = true;
                }
                tell(found, under, out);
                if (!missing.isEmpty()) {
                    throw new CommandFailure(ExitCode.USAGE, "nothing is changed: " + missing.size()
                            + " other members are not abandoned", "make sure that they are off, then add "
                            + String.join(" ", missing.stream().map(name -> "--abandon " + name).toList()));
                }
                return ExitCode.OK;
            }
        }

        /** The other members that nobody named; names that are no member's are refused. */
        private List<String> missing(List<MemberRecord> others) {
            List<String> missing = new ArrayList<>();
            List<String> unknown = new ArrayList<>(abandoned);
            for (MemberRecord other : others) {
                if (!abandoned.contains(other.name()) && !abandoned.contains(other.id())) {
                    missing.add(other.name());
                }
                unknown.removeIf(name -> name.equals(other.name()) || name.equals(other.id()));
            }
            if (!unknown.isEmpty()) {
                throw new CommandFailure(ExitCode.NOT_FOUND, "there is no other member " + unknown.getFirst(), "there are "
                        + String.join(", ", others.stream().map(MemberRecord::name).toList()));
            }
            return missing;
        }

        private void tell(Found found, boolean prepared, PrintWriter out) {
            List<Tree> members = new ArrayList<>();
            found.members().forEach(member -> members.add(Tree.mapping().put("name", member.name()).put("id", member.id())
                    .put("address", member.host()).put("joined", member.joined().toString())
                    .put("survivor", member.id().equals(found.self().nodeId())).build()));
            Tree tree = Tree.mapping().put("cluster", Tree.mapping().put("id", found.self().clusterId())
                    .put("name", found.clusterName()).build()).put("node", found.self().name())
                    .put("revision", found.revision().number()).put("members", Tree.list(members))
                    .put("prepared", prepared).build();
            output.form().print(out, tree, found.members().stream().map(member -> "nodes/" + member.name()).toList(),
                    () -> table(found, prepared));
        }

        private static String table(Found found, boolean prepared) {
            Table members = new Table("MEMBER", "ADDRESS", "JOINED", "ID");
            found.members().forEach(member -> members.row(member.name(), member.host(),
                    Times.local(member.joined().toString()), member.id()));
            String last = prepared ? "node " + found.self().name() + " is the survivor; start it with 'halite run' and join "
                    + "the others anew, each with an empty data directory\n"
                    : found.members().size() > 1 ? "" : "there is nobody to abandon, and nothing to recover\n";
            return "cluster " + found.clusterName() + " (" + found.self().clusterId() + "), revision " + found.revision()
                    + ", by node " + found.self().name() + "\n\n" + members + (last.isEmpty() ? "" : "\n" + last);
        }
    }
}

package io.halite.appliance.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "completion", description = {"Prints a script that completes commands in a shell.",
        "bash: source <(halite completion bash)", "zsh: source <(halite completion zsh)"})
final class CompletionCommand implements Callable<Integer> {
    /** Shells that the script is for. */
    enum Shell { bash, zsh }

    @Parameters(paramLabel = "SHELL", description = "One of ${COMPLETION-CANDIDATES}.")
    private Shell shell = Shell.bash;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (shell == Shell.zsh) {
            out.println("autoload -U +X bashcompinit && bashcompinit");
        }
        out.print(AutoComplete.bash("halite", spec.root().commandLine()));
        out.flush();
        return 0;
    }
}

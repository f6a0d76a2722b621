package io.halite.appliance;

import io.halite.appliance.cli.Version;
import io.halite.appliance.cli.client.CommandFailure;
import io.halite.appliance.cli.client.ExitCode;
import io.halite.appliance.log.NodeLog;
import io.halite.appliance.process.StopSignal;
import io.halite.config.Ticker;
import io.halite.config.membership.DirectoryException;
import io.halite.config.store.StateException;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.Optional;

/** A node in the foreground: from its start to the signal that ends it. */
final class Node {
    private Node() {}

    /** Runs until a signal asks it to stop; then drains and ends. */
    static ExitCode run(NodeSettings settings, PrintWriter out) {
        Optional<InitialConfig> initial = settings.config() == null ? Optional.empty()
                : Optional.of(InitialConfig.read(settings.config()));
        NodeLog.install(settings.name());
        StopSignal stop = StopSignal.install();
        try (Appliance appliance = Appliance.start(settings, initial, Ticker.SYSTEM, InstantSource.system())) {
            out.println(welcome(settings, appliance));
            out.flush();
            stop.await();
            appliance.drain();
        } catch (DirectoryException e) {
            throw new CommandFailure(ExitCode.FAILED, String.valueOf(e.getMessage()), e.hint());
        } catch (StateException | IOException e) {
            throw new CommandFailure(ExitCode.FAILED, String.valueOf(e.getMessage()), "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.FAILED;
        }
        return ExitCode.OK;
    }

    private static String welcome(NodeSettings settings, Appliance appliance) {
        StringBuilder text = new StringBuilder();
        text.append("halite ").append(Version.current()).append(": node ").append(settings.name()).append(" is up\n");
        text.append("  admin API  ").append(appliance.url()).append("   CA: ").append(appliance.ca())
                .append("   token: ").append(settings.data().resolve(LocalFiles.TOKEN)).append('\n');
        text.append("  cluster    ").append(settings.bind().getHostAddress()).append(':')
                .append(appliance.clusterPort()).append('\n');
        appliance.listeners().forEach(listener -> text.append("  listener   ").append(listener.label()).append(" on ")
                .append(LocalNode.text(listener.address())).append('\n'));
        return text.append("next: HALITE_DATA=").append(settings.data())
                .append(" halite apply -f site.yaml   (status, get, describe, --help)").toString();
    }
}

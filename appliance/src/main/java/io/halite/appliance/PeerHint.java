package io.halite.appliance;

import io.halite.config.HostPort;
import io.halite.config.peer.AddressBook;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A member that is started with {@code --join} again also looks for the others at that host, by the ports they had. When
 * the addresses of all nodes have changed at once, that is the thread by which they find each other; who really answers
 * there, its certificate tells.
 */
final class PeerHint implements AddressBook.Detour {
    private final @Nullable String host;
    private final int port;

    PeerHint(NodeSettings settings) {
        NodeSettings.Join join = settings.join();
        this.host = join == null ? null : host(join.peer());
        this.port = settings.ports().cluster();
    }

    private static String host(String peer) {
        String name = peer.substring(0, peer.lastIndexOf(':'));
        return name.startsWith("[") ? name.substring(1, name.length() - 1) : name;
    }

    @Override
    public List<HostPort> of(String nodeId, List<HostPort> places) {
        if (host == null) {
            return places;
        }
        List<HostPort> all = new ArrayList<>(places);
        places.stream().map(place -> new HostPort(host, place.port())).filter(hint -> !places.contains(hint)).distinct()
                .forEach(all::add);
        if (places.isEmpty() && port != 0) {
            all.add(new HostPort(host, port));
        }
        return all;
    }
}

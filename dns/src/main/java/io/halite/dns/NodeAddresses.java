package io.halite.dns;

import io.halite.config.store.ConfigStore.Subscription;
import io.halite.dns.policy.DnsNode;
import java.util.List;

/** The nodes of the cluster as DNS answers need them; implemented by the appliance. Safe for use by many threads. */
public interface NodeAddresses {

    /** All nodes, with what is known of them now; a memory read. */
    List<DnsNode> current();

    /** Calls the listener after each change, on any thread, possibly conflated. */
    Subscription watch(Runnable listener);
}

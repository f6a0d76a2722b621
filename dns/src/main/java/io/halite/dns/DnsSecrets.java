package io.halite.dns;

import java.util.Optional;

/** The secrets of the cluster by name, unsealed; implemented by the appliance. Safe for use by many threads. */
@FunctionalInterface
public interface DnsSecrets {
    /** No secrets at all. */
    DnsSecrets NONE = name -> Optional.empty();

    /** The text of a secret; empty when there is none of this name. */
    Optional<String> secret(String name);
}

package io.halite.appliance;

import io.halite.admin.secret.SecretVault;
import io.halite.config.store.ConfigStore;
import io.halite.config.store.Origin;
import io.halite.config.store.ProposalResult;
import io.halite.dns.sign.ClusterKeys;
import java.time.InstantSource;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;

/** The signing keys of zones among the secrets of the cluster. */
record KeyVault(ConfigStore store, SecretVault secrets, InstantSource clock) implements ClusterKeys.Vault {

    @Override
    public SortedSet<String> names(String prefix) {
        SortedSet<String> names = new TreeSet<>();
        secrets.list().stream().map(SecretVault.Entry::name).filter(name -> name.startsWith(prefix)).forEach(names::add);
        return names;
    }

    @Override
    public Optional<byte[]> open(String name) {
        return secrets.open(name);
    }

    @Override
    public void put(String name, byte[] secret, String reason) {
        ProposalResult ignored = secrets.put(name, secret,
                new Origin("system", reason, clock.instant(), UUID.randomUUID().toString()));
    }

    @Override
    public boolean isLeading() {
        return store.leadership().leading();
    }
}

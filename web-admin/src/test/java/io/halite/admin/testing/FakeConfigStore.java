package io.halite.admin.testing;

import io.halite.config.AdminOverride;
import io.halite.config.AdminState;
import io.halite.config.ClusterConfig;
import io.halite.config.Revision;
import io.halite.config.TargetRef;
import io.halite.config.document.ConfigObjects;
import io.halite.config.document.ObjectKey;
import io.halite.config.store.ConfigState;
import io.halite.config.store.ConfigStore;
import io.halite.config.store.Leadership;
import io.halite.config.store.Proposal;
import io.halite.config.store.ProposalResult;
import io.halite.config.store.RevisionRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A store in memory that behaves as the real one does, and may be told to have lost its quorum or its leadership. */
public final class FakeConfigStore implements ConfigStore {
    private final List<ClusterConfig> configs = new ArrayList<>(List.of(ClusterConfig.EMPTY));
    private final List<RevisionRecord> records = new ArrayList<>();
    private final TreeMap<String, String> system = new TreeMap<>();
    private final Map<String, ProposalResult.Committed> answered = new HashMap<>();
    private final List<Consumer<ConfigState>> listeners = new CopyOnWriteArrayList<>();
    private volatile ConfigState state = ConfigState.EMPTY;
    private volatile boolean quorum = true;
    private volatile boolean leading = true;

    /** From now on proposals are refused for lack of a quorum, or no longer. */
    public void setQuorum(boolean has) {
        quorum = has;
    }

    /** From now on another node leads, or this one. */
    public void setLeading(boolean leads) {
        leading = leads;
    }

    @Override
    public ConfigState current() {
        return state;
    }

    @Override
    public ProposalResult propose(Proposal proposal) {
        if (!quorum) {
            return new ProposalResult.Unavailable("1 of 3 voters answers, 2 are needed", "start the other nodes", true);
        }
        ProposalResult result;
        synchronized (this) {
            ProposalResult.Committed before = answered.get(proposal.origin().requestId());
            if (before != null) {
                return before;
            }
            result = switch (proposal) {
                case Proposal.Replace replace -> replace(replace);
                case Proposal.Restore restore -> restore(restore);
                case Proposal.SetAdminState set -> setAdminState(set);
                case Proposal.PutSystem put -> put(put);
                case Proposal.SystemTransaction transaction -> put(transaction);
            };
            if (result instanceof ProposalResult.Committed committed) {
                answered.put(proposal.origin().requestId(), committed);
            }
        }
        listeners.forEach(listener -> listener.accept(state));
        return result;
    }

    private ProposalResult replace(Proposal.Replace replace) {
        Revision current = state.revision();
        if (!replace.expected().equals(current)) {
            return new ProposalResult.Stale(current);
        }
        if (replace.desired().equals(state.config())) {
            return new ProposalResult.Committed(current, false);
        }
        Revision next = current.next();
        records.add(new RevisionRecord(next, replace.origin().author(), replace.origin().time(),
                replace.origin().reason(), replace.rollbackOf(), changed(state.config(), replace.desired())));
        configs.add(replace.desired());
        state = new ConfigState(next, replace.desired(), state.adminVersion(), state.adminOverrides());
        return new ProposalResult.Committed(next, true);
    }

    private ProposalResult restore(Proposal.Restore restore) {
        ProposalResult result =
                replace(new Proposal.Replace(restore.expected(), restore.desired(), null, restore.origin()));
        if (result instanceof ProposalResult.Committed) {
            restore.adminStates().forEach((target, state) ->
                    setAdminState(new Proposal.SetAdminState(List.of(target), state, restore.origin())));
            system.putAll(restore.records());
        }
        return result;
    }

    private static List<ObjectKey> changed(ClusterConfig from, ClusterConfig to) {
        SortedMap<ObjectKey, String> before = ConfigObjects.encode(from);
        SortedMap<ObjectKey, String> after = ConfigObjects.encode(to);
        TreeSet<ObjectKey> keys = new TreeSet<>(before.keySet());
        keys.addAll(after.keySet());
        keys.removeIf(key -> before.containsKey(key) && before.get(key).equals(after.get(key)));
        return List.copyOf(keys);
    }

    private ProposalResult setAdminState(Proposal.SetAdminState set) {
        TreeMap<TargetRef, AdminOverride> overrides = new TreeMap<>(state.adminOverrides());
        for (TargetRef target : set.targets()) {
            if (set.state() == AdminState.READY) {
                overrides.remove(target);
            } else {
                overrides.put(target, new AdminOverride(
                        set.state(), set.origin().author(), set.origin().reason(), set.origin().time()));
            }
        }
        boolean changed = !overrides.equals(state.adminOverrides());
        state = new ConfigState(
                state.revision(), state.config(), state.adminVersion() + (changed ? 1 : 0), overrides);
        return new ProposalResult.Committed(state.revision(), changed);
    }

    private ProposalResult put(Proposal.SystemTransaction transaction) {
        for (Map.Entry<String, @Nullable String> expected : transaction.expected().entrySet()) {
            if (!Objects.equals(system.get(expected.getKey()), expected.getValue())) {
                return new ProposalResult.Stale(state.revision());
            }
        }
        transaction.puts().forEach((key, value) -> {
            if (value == null) {
                system.remove(key);
            } else {
                system.put(key, value);
            }
        });
        return new ProposalResult.Committed(state.revision(), true);
    }

    private ProposalResult put(Proposal.PutSystem put) {
        boolean kept = put.onlyIfAbsent() && system.containsKey(put.key());
        String value = put.value();
        if (!kept && value == null) {
            return new ProposalResult.Committed(state.revision(), system.remove(put.key()) != null);
        }
        boolean changed = !kept && value != null && !value.equals(system.put(put.key(), value));
        return new ProposalResult.Committed(state.revision(), changed);
    }

    @Override
    public synchronized List<RevisionRecord> history(int limit, Optional<Revision> before) {
        return records.reversed().stream()
                .filter(record -> before.isEmpty() || record.revision().compareTo(before.get()) < 0)
                .limit(limit).toList();
    }

    @Override
    public synchronized Optional<RevisionRecord> record(Revision revision) {
        return records.stream().filter(record -> record.revision().equals(revision)).findAny();
    }

    @Override
    public synchronized Optional<ClusterConfig> at(Revision revision) {
        return revision.number() < configs.size() ? Optional.of(configs.get((int) revision.number())) : Optional.empty();
    }

    @Override
    public synchronized Optional<String> system(String key) {
        return Optional.ofNullable(system.get(key));
    }

    @Override
    public synchronized SortedMap<String, String> systemRecords(String prefix) {
        return new TreeMap<>(system.subMap(prefix, prefix + Character.MAX_VALUE));
    }

    @Override
    public Subscription watch(Consumer<ConfigState> listener) {
        listeners.add(listener);
        listener.accept(state);
        return () -> listeners.remove(listener);
    }

    @Override
    public Leadership leadership() {
        return new Leadership(quorum ? "node-1" : "", leading && quorum, 7, 42);
    }
}

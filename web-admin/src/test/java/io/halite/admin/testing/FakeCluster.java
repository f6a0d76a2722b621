package io.halite.admin.testing;

import io.halite.admin.node.ClusterView;
import io.halite.config.Revision;
import java.time.Duration;
import java.util.List;

/** The cluster that a test says. */
public final class FakeCluster implements ClusterView {
    private volatile List<Member> members = List.of();
    private volatile Assignments assignments = Assignments.NONE;
    private volatile boolean quorum = true;

    /** From now on these are the members. */
    public void set(Member... all) {
        members = List.of(all);
    }

    /** From now on this is who probes what. */
    public void assign(Assignments now) {
        assignments = now;
    }

    /** From now on there is a quorum, or not. */
    public void setQuorum(boolean has) {
        quorum = has;
    }

    @Override
    public String id() {
        return "c-1";
    }

    @Override
    public String name() {
        return "test";
    }

    @Override
    public boolean hasQuorum() {
        return quorum;
    }

    @Override
    public String leader() {
        return members.stream().filter(member -> member.role() == Role.LEADER).map(Member::name).findAny().orElse("");
    }

    @Override
    public List<Member> members() {
        return members;
    }

    @Override
    public Assignments assignments() {
        return assignments;
    }

    @Override
    public boolean awaitActive(Revision revision, Duration limit) {
        return members.stream().allMatch(member -> member.activeRevision().compareTo(revision) >= 0);
    }
}

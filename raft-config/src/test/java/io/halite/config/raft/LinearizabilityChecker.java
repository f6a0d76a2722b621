package io.halite.config.raft;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a history of concurrent operations could have happened one after the other, each at some moment between its
 * call and its return: the search of Wing and Gong with the memory of Lowe. An operation whose outcome nobody learned
 * has no return: it may have happened at any time after its call, or after everything else, which is as good as never.
 */
final class LinearizabilityChecker {
    /** The return of an operation that never came back. */
    static final long NEVER = Long.MAX_VALUE;

    private LinearizabilityChecker() {}

    /** One operation of a history. */
    record Operation<O>(O what, long called, long returned) {}

    /** What the thing that was operated on should do. */
    @FunctionalInterface
    interface Model<S, O> {
        /** The state after an operation with its outcome; empty when that outcome is impossible in this state. */
        Optional<S> after(S state, O operation);
    }

    /** A call or a return of an operation. */
    private record Event(int operation, boolean call, long time) {}

    private record Step<S>(int call, S before) {}

    private record Known<S>(BitSet done, S state) {}

    /** The events by time, in a list that operations are taken out of and put back into. Place 0 stands before all. */
    private static final class Timeline {
        private static final int END = -1;

        private final Event[] events;
        private final int[] next;
        private final int[] before;
        /** By operation. */
        private final int[] returns;

        Timeline(List<? extends Operation<?>> history) {
            List<Event> all = new ArrayList<>();
            for (int i = 0; i < history.size(); i++) {
                all.add(new Event(i, true, history.get(i).called()));
                all.add(new Event(i, false, history.get(i).returned()));
            }
            // At the same moment calls come first, which allows more.
            all.sort(Comparator.comparingLong(Event::time).thenComparing(event -> !event.call()));
            all.addFirst(new Event(END, true, Long.MIN_VALUE));
            events = all.toArray(Event[]::new);
            next = new int[events.length];
            before = new int[events.length];
            returns = new int[history.size()];
            for (int place = 0; place < events.length; place++) {
                next[place] = place + 1 < events.length ? place + 1 : END;
                before[place] = place - 1;
                if (!events[place].call()) {
                    returns[events[place].operation()] = place;
                }
            }
        }

        void takeOut(int call) {
            unlink(call);
            unlink(returns[events[call].operation()]);
        }

        private void unlink(int place) {
            next[before[place]] = next[place];
            if (next[place] != END) {
                before[next[place]] = before[place];
            }
        }

        void putBack(int call) {
            link(returns[events[call].operation()]);
            link(call);
        }

        private void link(int place) {
            next[before[place]] = place;
            if (next[place] != END) {
                before[next[place]] = place;
            }
        }
    }

    static <S, O> boolean isLinearizable(List<Operation<O>> history, S initial, Model<S, O> model) {
        Timeline line = new Timeline(history);
        BitSet done = new BitSet(history.size());
        Set<Known<S>> known = new HashSet<>();
        Deque<Step<S>> steps = new ArrayDeque<>();
        S state = initial;
        int at = line.next[0];
        while (line.next[0] != Timeline.END) {
            Event event = line.events[at];
            if (event.call()) {
                Optional<S> after = model.after(state, history.get(event.operation()).what());
                BitSet then = (BitSet) done.clone();
                then.set(event.operation());
                if (after.isPresent() && known.add(new Known<>(then, after.get()))) {
                    steps.push(new Step<>(at, state));
                    done = then;
                    state = after.get();
                    line.takeOut(at);
                    at = line.next[0];
                } else {
                    at = line.next[at];
                }
            } else {
                // It returned before it could be placed: the last choice was wrong.
                Step<S> last = steps.poll();
                if (last == null) {
                    return false;
                }
                state = last.before();
                done = (BitSet) done.clone();
                done.clear(line.events[last.call()].operation());
                line.putBack(last.call());
                at = line.next[last.call()];
            }
        }
        return true;
    }
}

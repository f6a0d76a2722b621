package io.halite.config.document;

import io.halite.config.Listener;
import io.halite.config.Problem;
import io.halite.config.Problem.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What is gathered while one document is read: its problems, and the names it refers to, which can be checked only when all
 * of it was read. Confined to one read.
 */
final class Reading {
    private static final int MAX_PROBLEMS = 1_000;

    /** A name that must exist among the objects of a kind. */
    record Reference(String kind, String name, Value place) {}

    /** A listener with its load balancer and its place. */
    record PlacedListener(String loadBalancer, Listener listener, Value place) {}

    final List<Reference> references = new ArrayList<>();
    final List<PlacedListener> listeners = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private final boolean strict;
    private int unlisted;

    /**
     * Starts reading.
     *
     * @param strict whether unknown keys are errors; what was committed by a newer version is read leniently
     */
    Reading(boolean strict) {
        this.strict = strict;
    }

    boolean isStrict() {
        return strict;
    }

    void error(Value place, String code, String message, String hint) {
        add(new Problem(Severity.ERROR, place.line(), place.pointer(), code, message, hint));
    }

    void warning(Value place, String code, String message, String hint) {
        add(new Problem(Severity.WARNING, place.line(), place.pointer(), code, message, hint));
    }

    void add(Problem problem) {
        if (problems.size() < MAX_PROBLEMS) {
            problems.add(problem);
        } else {
            unlisted++;
        }
    }

    /** All problems in the order of the text. */
    List<Problem> problems() {
        List<Problem> sorted = new ArrayList<>(problems);
        sorted.sort(Comparator.comparingInt(Problem::line));
        if (unlisted > 0) {
            sorted.add(new Problem(Severity.ERROR, 0, "", "MORE_PROBLEMS", unlisted + " more problems are not listed",
                    "mend these first"));
        }
        return List.copyOf(sorted);
    }
}

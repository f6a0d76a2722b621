package io.halite.config.shape;

import io.halite.config.Problem;
import io.halite.config.Problem.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * What is gathered while one document is read: its problems, the names it refers to, and where things stood, which can be
 * checked only when all of it was read. Confined to one read.
 */
public final class Reading {
    /** As many problems as a person can mend at a time; a broken document of 16 MiB could have millions. */
    public static final int MAX_PROBLEMS = 1_000;

    /** A name that must exist among the objects of a kind. */
    public record Reference(String kind, String name, Value place) {}

    private final List<Reference> references = new ArrayList<>();
    private final IdentityHashMap<Object, Value> places = new IdentityHashMap<>();
    private final List<Problem> problems = new ArrayList<>();
    private final boolean strict;
    private boolean erroneous;
    private int unlistedErrors;
    private int unlistedWarnings;

    /**
     * Starts reading.
     *
     * @param strict whether unknown keys are errors; what was committed by a newer version is read leniently
     */
    public Reading(boolean strict) {
        this.strict = strict;
    }

    /** Whether the text comes from a person, so that everything odd about it is told. */
    public boolean isStrict() {
        return strict;
    }

    /** Notes a name that must exist. */
    public void refer(String kind, String name, Value place) {
        references.add(new Reference(kind, name, place));
    }

    /** The names that must exist, in the order of the text. */
    public List<Reference> references() {
        return references;
    }

    /** Remembers where an object was read, so that checks across the document can point there. */
    public void remember(Object object, Value place) {
        places.put(object, place);
    }

    /** Where an object, this very one, was read. */
    public Value placeOf(Object object) {
        Value place = places.get(object);
        if (place == null) {
            throw new IllegalArgumentException("the place of " + object + " was not remembered");
        }
        return place;
    }

    /** Reports a problem that prevents the document from being applied. */
    public void error(Value place, String code, String message, String hint) {
        add(new Problem(Severity.ERROR, place.line(), place.pointer(), code, message, hint));
    }

    /** Reports a problem that does not. */
    public void warning(Value place, String code, String message, String hint) {
        add(new Problem(Severity.WARNING, place.line(), place.pointer(), code, message, hint));
    }

    /** Adds a problem, though only the first {@link #MAX_PROBLEMS} are kept. */
    public void add(Problem problem) {
        erroneous |= problem.isError();
        if (problems.size() < MAX_PROBLEMS) {
            problems.add(problem);
        } else if (problem.isError()) {
            unlistedErrors++;
        } else {
            unlistedWarnings++;
        }
    }

    /** Whether further problems are only counted, so that nothing need be worked out to explain them. */
    boolean isFull() {
        return problems.size() >= MAX_PROBLEMS;
    }

    /** Whether an error was reported. */
    public boolean hasErrors() {
        return erroneous;
    }

    /** All problems in the order of the text. */
    public List<Problem> problems() {
        List<Problem> sorted = new ArrayList<>(problems);
        sorted.sort(Comparator.comparingInt(Problem::line));
        int unlisted = unlistedErrors + unlistedWarnings;
        if (unlisted > 0) {
            sorted.add(new Problem(unlistedErrors > 0 ? Severity.ERROR : Severity.WARNING, 0, "", "MORE_PROBLEMS",
                    unlisted + " more problems are not listed", "mend these first"));
        }
        return List.copyOf(sorted);
    }
}

package io.halite.config.document;

import io.halite.config.ClusterConfig;
import io.halite.config.document.DocumentShape.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeSet;

/**
 * What turns one config into another.
 *
 * @param changes the objects that differ, in the order of the document
 * @param text a unified diff of the canonical YAML; empty when nothing differs
 * @param effects what it means for traffic, in plain sentences
 */
public record ConfigDiff(List<ObjectChange> changes, String text, List<String> effects) {

    public ConfigDiff {
        changes = List.copyOf(changes);
        effects = List.copyOf(effects);
    }

    /** An object that differs. */
    public record ObjectChange(Kind kind, ObjectKey object) {}

    /** How an object differs. */
    public enum Kind { ADDED, CHANGED, REMOVED }

    /** The difference between two configs, named {@code from} and {@code to} in the text. */
    public static ConfigDiff of(ClusterConfig from, ClusterConfig to) {
        return of(from, to, "from", "to");
    }

    /** The difference between two configs, with their names for the head of the text, such as {@code revision 4}. */
    public static ConfigDiff of(ClusterConfig from, ClusterConfig to, String fromName, String toName) {
        List<ObjectChange> changes = new ArrayList<>();
        for (Section<?> section : DocumentShape.SECTIONS) {
            compare(section, from, to, changes);
        }
        if (changes.isEmpty()) {
            return new ConfigDiff(List.of(), "", List.of());
        }
        return new ConfigDiff(changes, new DiffText(from, to).unified(fromName, toName), DiffEffects.of(from, to));
    }

    private static <T> void compare(
            Section<T> section, ClusterConfig from, ClusterConfig to, List<ObjectChange> changes) {
        SortedMap<String, T> before = section.of(from);
        SortedMap<String, T> after = section.of(to);
        TreeSet<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        for (String name : names) {
            T old = before.get(name);
            T now = after.get(name);
            ObjectKey key = new ObjectKey(section.kind(), name);
            if (old == null) {
                changes.add(new ObjectChange(Kind.ADDED, key));
            } else if (now == null) {
                changes.add(new ObjectChange(Kind.REMOVED, key));
            } else if (!old.equals(now)) {
                changes.add(new ObjectChange(Kind.CHANGED, key));
            }
        }
    }

    /** Whether the configs are equal. */
    public boolean isEmpty() {
        return changes.isEmpty();
    }
}

package io.halite.config.document;

import com.github.difflib.UnifiedDiffUtils;
import com.github.difflib.algorithm.myers.MyersDiffWithLinearSpace;
import com.github.difflib.patch.AbstractDelta;
import com.github.difflib.patch.ChangeDelta;
import com.github.difflib.patch.Chunk;
import com.github.difflib.patch.DeleteDelta;
import com.github.difflib.patch.InsertDelta;
import com.github.difflib.patch.Patch;
import io.halite.config.ClusterConfig;
import io.halite.config.document.DocumentShape.Section;
import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeText;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The unified diff of two canonical YAML documents. Objects are compared one by one, each only with its like: a diff of the
 * whole text would take quadratic time for large changes, and could match lines of objects that have nothing in common.
 * Confined to one use.
 */
final class DiffText {
    private static final int CONTEXT = 3;
    /** Above this product of line counts an object is shown as replaced instead of compared line by line. */
    private static final long MAX_COMPARED = 16_000_000;

    private final ClusterConfig from;
    private final ClusterConfig to;
    private final List<String> before = new ArrayList<>();
    private final List<String> after = new ArrayList<>();
    private final Patch<String> patch = new Patch<>();

    DiffText(ClusterConfig from, ClusterConfig to) {
        this.from = from;
        this.to = to;
    }

    String unified(String fromName, String toName) {
        String version = "apiVersion: " + DocumentShape.VERSION;
        before.add(version);
        after.add(version);
        for (Section<?> section : DocumentShape.SECTIONS) {
            section(section);
        }
        List<String> lines = UnifiedDiffUtils.generateUnifiedDiff(fromName, toName, before, patch, CONTEXT);
        return String.join("\n", lines) + "\n";
    }

    private <T> void section(Section<T> section) {
        SortedMap<String, T> old = section.of(from);
        SortedMap<String, T> now = section.of(to);
        List<String> header = List.of(section.kind() + ":");
        segment(old.isEmpty() ? List.of() : header, now.isEmpty() ? List.of() : header);
        TreeSet<String> names = new TreeSet<>(old.keySet());
        names.addAll(now.keySet());
        for (String name : names) {
            T was = old.get(name);
            T is = now.get(name);
            List<String> wasLines = lines(section, name, was);
            segment(wasLines, was != null && was.equals(is) ? wasLines : lines(section, name, is));
        }
    }

    private static <T> List<String> lines(Section<T> section, String name, @Nullable T object) {
        if (object == null) {
            return List.of();
        }
        String yaml = TreeText.yaml(Tree.mapping().put(name, section.shape().write(object)).build());
        return yaml.lines().map(line -> "  " + line).toList();
    }

    /** Appends the lines of one object to both texts, and what differs to the patch. */
    private void segment(List<String> old, List<String> now) {
        if (!old.equals(now)) {
            int same = commonPrefix(old, now);
            int tail = commonSuffix(old.subList(same, old.size()), now.subList(same, now.size()));
            compare(old.subList(same, old.size() - tail), now.subList(same, now.size() - tail),
                    before.size() + same, after.size() + same);
        }
        before.addAll(old);
        after.addAll(now);
    }

    private void compare(List<String> old, List<String> now, int oldStart, int newStart) {
        if (old.isEmpty() && now.isEmpty()) {
            return;
        }
        if (old.isEmpty() || now.isEmpty() || (long) old.size() * now.size() > MAX_COMPARED) {
            patch.addDelta(delta(oldStart, old, newStart, now));
            return;
        }
        Patch<String> inner = Patch.generate(old, now,
                new MyersDiffWithLinearSpace<String>().computeDiff(old, now, null));
        for (AbstractDelta<String> delta : inner.getDeltas()) {
            patch.addDelta(delta(oldStart + delta.getSource().getPosition(), delta.getSource().getLines(),
                    newStart + delta.getTarget().getPosition(), delta.getTarget().getLines()));
        }
    }

    private static AbstractDelta<String> delta(int oldStart, List<String> old, int newStart, List<String> now) {
        Chunk<String> source = new Chunk<>(oldStart, old);
        Chunk<String> target = new Chunk<>(newStart, now);
        if (old.isEmpty()) {
            return new InsertDelta<>(source, target);
        }
        return now.isEmpty() ? new DeleteDelta<>(source, target) : new ChangeDelta<>(source, target);
    }

    private static int commonPrefix(List<String> old, List<String> now) {
        int most = Math.min(old.size(), now.size());
        int same = 0;
        while (same < most && old.get(same).equals(now.get(same))) {
            same++;
        }
        return same;
    }

    private static int commonSuffix(List<String> old, List<String> now) {
        return commonPrefix(old.reversed(), now.reversed());
    }
}

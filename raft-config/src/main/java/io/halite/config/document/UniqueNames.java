package io.halite.config.document;

import io.halite.config.shape.Reading;
import io.halite.config.shape.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Reports objects of one list that have the same name. Stateless. */
final class UniqueNames {
    private UniqueNames() {}

    /**
     * Checks a list whose items were remembered by the reading.
     *
     * @param what for messages: {@code target}
     */
    static <T> void check(Reading reading, List<T> items, Function<T, String> name, String what) {
        Map<String, Value> seen = new HashMap<>();
        for (T item : items) {
            Value place = reading.placeOf(item);
            Value first = seen.putIfAbsent(name.apply(item), place);
            if (first != null) {
                place.<Object>error("DUPLICATE_NAME", "the " + what + " name '" + name.apply(item)
                        + "' is that of the entry in line " + first.line() + " already",
                        "names must differ within their list; set `name`");
            }
        }
    }
}

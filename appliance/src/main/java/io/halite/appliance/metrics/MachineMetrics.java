package io.halite.appliance.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Memory and TCP connections of the machine, and the memory of this process, from Linux' {@code /proc}; NaN elsewhere.
 */
final class MachineMetrics implements MeterBinder {
    private static final Path MEMORY = Path.of("/proc/meminfo");
    private static final Path PROCESS = Path.of("/proc/self/status");
    private static final Path SOCKETS = Path.of("/proc/net/sockstat");
    private static final double KIB = 1024;

    /** Where a figure stands: the word of the line that begins so, and what one of it is worth. */
    private record Place(Path file, String line, int word, double unit) {}

    @Override
    public void bindTo(MeterRegistry registry) {
        gauge(registry, "system.memory.total", "bytes", "Memory of the machine",
                new Place(MEMORY, "MemTotal:", 1, KIB));
        gauge(registry, "system.memory.available", "bytes", "Memory that could be had without swapping",
                new Place(MEMORY, "MemAvailable:", 1, KIB));
        gauge(registry, "process.memory.resident", "bytes", "Memory of this process in RAM",
                new Place(PROCESS, "VmRSS:", 1, KIB));
        gauge(registry, "system.tcp.connections", "", "TCP sockets in use on the machine",
                new Place(SOCKETS, "TCP:", 2, 1));
        gauge(registry, "system.tcp.timewait", "", "TCP sockets in TIME_WAIT on the machine",
                new Place(SOCKETS, "TCP:", 6, 1));
    }

    private static void gauge(MeterRegistry registry, String name, String unit, String description, Place place) {
        Gauge.Builder<?> gauge = Gauge.builder(name, () -> read(place)).description(description);
        (unit.isEmpty() ? gauge : gauge.baseUnit(unit)).register(registry);
    }

    private static double read(Place place) {
        try {
            List<String> lines = Files.readAllLines(place.file(), StandardCharsets.ISO_8859_1);
            for (String candidate : lines) {
                String[] words = candidate.split("\\s+", -1);
                if (words[0].equals(place.line()) && words.length > place.word()) {
                    return Double.parseDouble(words[place.word()]) * place.unit();
                }
            }
        } catch (IOException | NumberFormatException e) {
            return Double.NaN;
        }
        return Double.NaN;
    }
}

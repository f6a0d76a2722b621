package io.halite.proxy.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.halite.proxy.http2.FrameClient.Frame;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.Scene;
import io.halite.proxy.testing.ScriptedTarget;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What a loop's thread allocates for a request of HTTP/2 in steady state. */
@Isolated("it takes the newest loop of the process for its own")
class Http2AllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    /** The fields of RFC 7541's static table: GET, http, /; and the first of the dynamic one, which is the authority. */
    private static final byte[] FIRST = {(byte) 0x82, (byte) 0x86, (byte) 0x84, 0x41, 1, 'a'};
    private static final byte[] LATER = {(byte) 0x82, (byte) 0x86, (byte) 0x84, (byte) 0xBE};

    /**
     * One stream after the other, more than ten thousand of them. What stays is the objects of a stream, which die as soon
     * as they are made, and what the system calls cost before the optimizing compiler has come to them.
     */
    @Test
    void aRequestAllocatesItsStreamAlone() throws Exception {
        double small = bytesPerRequest("x".repeat(1_000), 8_000);
        double large = bytesPerRequest("x".repeat(65_536), 3_000);
        assertTrue(small < 3_000, small + " bytes per request");
        // The buffers of a response that waits for windows are used again.
        assertTrue(large < 8_000, large + " bytes per request of 64 KiB instead of " + small);
    }

    /** Takes half as many requests for the figure as for warming up. */
    private static double bytesPerRequest(String body, int warm) throws Exception {
        String response = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + body.length()
                + "\r\n\r\n" + body;
        ScriptedTarget target = ScriptedTarget.running((wire, _) -> {
            while (true) {
                wire.request();
                wire.send(response);
            }
        });
        try (Scene scene = Scene.before(target, Engine.EPOLL);
                FrameClient client = FrameClient.ready(scene.plane().port("shop/web"))) {
            run(client, -1, warm, body.length());
            long before = allocated();
            run(client, 2 * warm - 1, warm / 2, body.length());
            return (allocated() - before) / (warm / 2.0);
        }
    }

    private static void run(FrameClient client, int last, int count, int length) throws Exception {
        for (int id = last + 2; id <= last + 2 * count; id += 2) {
            client.send(Frames.HEADERS, Frames.FLAG_END_HEADERS | Frames.FLAG_END_STREAM, id, id == 1 ? FIRST : LATER);
            int got = 0;
            Frame frame;
            do {
                frame = client.next(Frames.DATA);
                got += frame.payload().length;
                client.grant(frame.payload().length, frame.endsStream() ? 0 : id);
            } while (!frame.endsStream());
            assertEquals(length, got);
        }
    }

    private static long allocated() {
        long newest = -1;
        for (ThreadInfo thread : THREADS.dumpAllThreads(false, false)) {
            newest = thread.getThreadName().equals("relay-0") ? Math.max(newest, thread.getThreadId()) : newest;
        }
        return THREADS.getThreadAllocatedBytes(newest);
    }
}

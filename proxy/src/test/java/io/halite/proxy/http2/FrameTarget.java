package io.halite.proxy.http2;

import io.halite.proxy.http2.FrameClient.Frame;
import io.halite.proxy.testing.ScriptedTarget;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A target that sends HTTP/2 frames as a test says, right or wrong. */
final class FrameTarget {
    private FrameTarget() {}

    /** What happens on one connection, once both sides have said what they begin with. */
    @FunctionalInterface
    interface Script {
        void run(FrameClient peer, ScriptedTarget self) throws Exception;
    }

    /**
     * A target.
     *
     * @param settings what it begins with, pairs of six octets
     */
    static ScriptedTarget running(byte[] settings, Script script) throws IOException {
        return ScriptedTarget.running(speaking(settings, script));
    }

    /** The script of a target, whatever its connections go over. */
    static ScriptedTarget.Script speaking(byte[] settings, Script script) {
        return (wire, self) -> {
            if (!wire.read(FrameClient.PREFACE.length()).equals(FrameClient.PREFACE)) {
                throw new EOFException("no preface");
            }
            FrameClient peer = FrameClient.over(wire);
            peer.send(Frames.SETTINGS, 0, 0, settings);
            peer.send(Frames.SETTINGS, Frames.FLAG_ACK, 0);
            try {
                script.run(peer, self);
            } catch (IOException ended) {
                throw ended;
            } catch (Exception wrong) {
                self.note(wrong.toString());
            }
        };
    }

    static ScriptedTarget running(Script script) throws IOException {
        return running(new byte[0], script);
    }

    /** A setting of the beginning. */
    static byte[] setting(int number, int value) {
        return new byte[] {0, (byte) number, (byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value};
    }

    /** A target that answers every request, once it is complete, with its method, path and content. */
    static ScriptedTarget echo() throws IOException {
        return running(FrameTarget::echo);
    }

    /** The script of a target that echoes. */
    static void echo(FrameClient peer, ScriptedTarget self) throws Exception {
        while (true) {
            Request request = request(peer);
            self.note(String.join("\n", request.lines()));
            peer.headers(request.stream(), false, ":status: 200", "x-stream: " + request.stream())
                    .data(request.stream(), request.field(":method") + " " + request.field(":path") + "\n"
                            + request.content(), true);
        }
    }

    /** A request as it came: its fields, its content, its trailers behind its fields. */
    record Request(int stream, List<String> lines, String content) {

        Request {
            lines = List.copyOf(lines);
        }

        /** The value of a field; empty when there is none. */
        String field(String name) {
            return lines.stream().filter(line -> line.startsWith(name + ": ")).findFirst()
                    .map(line -> line.substring(name.length() + 2)).orElse("");
        }
    }

    /** Reads one request; no other may come meanwhile. */
    static Request request(FrameClient peer) throws Exception {
        Frame head = peer.next(Frames.HEADERS);
        List<String> lines = new ArrayList<>(peer.lines(head));
        StringBuilder content = new StringBuilder();
        boolean ended = head.endsStream();
        while (!ended) {
            Frame frame = peer.read();
            if (frame.type() == Frames.DATA && frame.stream() == head.stream()) {
                content.append(frame.text());
                peer.grant(frame.payload().length, frame.endsStream() ? 0 : frame.stream());
                ended = frame.endsStream();
            } else if (frame.type() == Frames.HEADERS && frame.stream() == head.stream()) {
                lines.addAll(peer.lines(frame));
                ended = frame.endsStream();
            } else if (frame.type() == Frames.RST_STREAM) {
                throw new EOFException("RST " + frame.number());
            }
        }
        return new Request(head.stream(), lines, content.toString());
    }
}

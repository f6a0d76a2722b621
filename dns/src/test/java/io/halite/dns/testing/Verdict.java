package io.halite.dns.testing;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNSInput;
import org.xbill.DNS.Header;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * What the bytes of a query deserve before any zone is looked at, with names read by dnsjava and the rules of the RFCs
 * spelled out.
 *
 * @param rcode of a refusal; -1 for an answer from the zones
 * @param isSlow whether the slow path has to answer
 * @param isLenient whether a server that does not follow pointers in owner names may still answer
 */
public record Verdict(int rcode, boolean isSlow, boolean isLenient) {
    private static final Verdict ANSWER = new Verdict(-1, false, false);
    private static final Verdict SLOW = new Verdict(-1, true, false);

    /** A record as it stands, its data unread. */
    private record Raw(Name name, int type, int dclass, long ttl, Data data) {}

    private static final class Data {
        private final byte[] bytes;

        Data(byte[] bytes) {
            this.bytes = bytes;
        }
    }

    private static Verdict refused(int rcode) {
        return new Verdict(rcode, false, false);
    }

    /** Judges a message of at least twelve bytes that is no response. */
    public static Verdict of(byte[] query, boolean stream) throws IOException {
        Header header = new Header(Arrays.copyOf(query, 12));
        if (header.getOpcode() != Opcode.QUERY) {
            return refused(Rcode.NOTIMP);
        }
        int questions = header.getCount(Section.QUESTION);
        if (questions > 1 || header.getCount(Section.ANSWER) > 0) {
            return refused(Rcode.FORMERR);
        }
        DNSInput input = new DNSInput(query);
        input.readByteArray(12);
        Raw question = null;
        boolean[] pointers = new boolean[1];
        try {
            if (questions == 1) {
                question = new Raw(plainName(input), input.readU16(), input.readU16(), 0, new Data(new byte[0]));
            }
            int authorities = header.getCount(Section.AUTHORITY);
            boolean incremental = authorities == 1 && question != null && question.type == Type.IXFR;
            if (authorities > 0 && !incremental) {
                return refused(Rcode.FORMERR);
            }
            if (incremental) {
                record(input, query, pointers);
            }
            List<Raw> additional = new ArrayList<>();
            for (int i = 0; i < header.getCount(Section.ADDITIONAL); i++) {
                additional.add(record(input, query, pointers));
            }
            if (input.remaining() > 0) {
                return refused(Rcode.FORMERR);
            }
            return judge(question, additional, stream);
        } catch (IOException | IllegalArgumentException e) {
            return new Verdict(Rcode.FORMERR, false, pointers[0]);
        }
    }

    /** A name in a question has nothing before it that it could point to. */
    private static Name plainName(DNSInput input) throws IOException {
        int start = input.current();
        Name name = new Name(input);
        if (input.current() - start != name.length()) {
            throw new IOException("compressed question");
        }
        return name;
    }

    private static Raw record(DNSInput input, byte[] query, boolean[] pointers) throws IOException {
        int at = input.current();
        for (; at < query.length && query[at] > 0 && query[at] < 64; at += query[at] + 1) {
            // To the end of the labels.
        }
        pointers[0] |= at < query.length && (query[at] & 0xC0) == 0xC0;
        Name name = new Name(input);
        int type = input.readU16();
        int dclass = input.readU16();
        long ttl = input.readU32();
        return new Raw(name, type, dclass, ttl, new Data(input.readByteArray(input.readU16())));
    }

    private static Verdict judge(@Nullable Raw question, List<Raw> additional, boolean stream) {
        List<Raw> opts = additional.stream().filter(record -> record.type == Type.OPT).toList();
        boolean isSigned = !additional.isEmpty() && additional.getLast().type == Type.TSIG;
        long signatures = additional.stream().filter(record -> record.type == Type.TSIG).count();
        boolean badSignature = signatures > 1 || (signatures == 1 && !isSigned);
        boolean badOpt = opts.size() > 1 || (opts.size() == 1 && !opts.getFirst().name.equals(Name.root));
        if (badOpt || badSignature) {
            return refused(Rcode.FORMERR);
        }
        boolean cookie = false;
        if (!opts.isEmpty()) {
            Raw opt = opts.getFirst();
            if (((opt.ttl >>> 16) & 0xFF) != 0) {
                return refused(Rcode.BADVERS);
            }
            Options options = Options.of(opt.data.bytes);
            if (options.isWrong) {
                return refused(Rcode.FORMERR);
            }
            cookie = options.cookie;
        }
        if (question == null) {
            return isSigned && cookie ? SLOW : refused(cookie ? Rcode.NOERROR : Rcode.FORMERR);
        }
        if (isSigned) {
            return SLOW;
        }
        return question.dclass == DClass.IN ? ofType(question.type, stream) : refused(Rcode.REFUSED);
    }

    private static Verdict ofType(int type, boolean stream) {
        return switch (type) {
            case Type.AXFR -> stream ? SLOW : refused(Rcode.FORMERR);
            case Type.IXFR -> SLOW;
            case Type.OPT, Type.TSIG -> refused(Rcode.FORMERR);
            case Type.TKEY, Type.MAILA, Type.MAILB -> refused(Rcode.NOTIMP);
            default -> ANSWER;
        };
    }

    /** The options of an OPT record, judged by RFC 6891, 7873, 7871 and 7828. */
    private record Options(boolean isWrong, boolean cookie) {
        private static final Options WRONG = new Options(true, false);

        static Options of(byte[] data) {
            boolean cookie = false;
            boolean subnet = false;
            int at = 0;
            while (at < data.length) {
                if (at + 4 > data.length) {
                    return WRONG;
                }
                int code = (data[at] & 0xFF) << 8 | (data[at + 1] & 0xFF);
                int length = (data[at + 2] & 0xFF) << 8 | (data[at + 3] & 0xFF);
                if (at + 4 + length > data.length) {
                    return WRONG;
                }
                byte[] value = Arrays.copyOfRange(data, at + 4, at + 4 + length);
                boolean fine = switch (code) {
                    case 10 -> cookie || length == 8 || (length >= 16 && length <= 40);
                    case 8 -> subnet || isSubnet(value);
                    case 11 -> length == 0;
                    default -> true;
                };
                if (!fine) {
                    return WRONG;
                }
                cookie |= code == 10;
                subnet |= code == 8;
                at += 4 + length;
            }
            return new Options(false, cookie);
        }

        private static boolean isSubnet(byte[] value) {
            if (value.length < 4 || value[3] != 0) {
                return false;
            }
            int family = (value[0] & 0xFF) << 8 | (value[1] & 0xFF);
            int source = value[2] & 0xFF;
            if (family < 1 || family > 2 || source > (family == 1 ? 32 : 128) || value.length != 4 + (source + 7) / 8) {
                return false;
            }
            return source % 8 == 0 || (value[value.length - 1] & (0xFF >>> (source % 8))) == 0;
        }
    }
}

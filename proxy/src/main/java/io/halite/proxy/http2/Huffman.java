package io.halite.proxy.http2;

import java.util.Arrays;

/**
 * The code of RFC 7541, appendix B. It is canonical: the lengths of the codes say all, shorter ones come first and those of
 * one length in the order of their octets. Stateless.
 */
final class Huffman {
    /** Lengths of the codes of all octets and of the end, {@code a} being 5 bits. */
    private static final String LENGTHS = "isxxxxxxxtzxxzxxxxxxxxzxxxxxxxxxbffhibdgffdgdbbbaaabbbbbbbcdkbhf"
            + "ibccccccccccccccccccccccdcdioijbkabababbbaccbbbabcbaabccccckgjix"
            + "prpprrrsrssssststtrstssssqrsrsstrqprrssqsrrtqrssqqrqsrssprrrsrrs"
            + "vvporsruvvvwwvtuoqvwwvwtqqvvxwwwptpqrqqsrruuttvsvwvvwwwwwxwwwwwv"
            + "z";
    private static final int SHORTEST = 5;
    private static final int LONGEST = 30;
    private static final int END = 256;
    private static final int MAX_PADDING = 7;

    /** By length: the first code, and the place of its octet among all in order of their codes. */
    private static final int[] FIRST_CODE = new int[LONGEST + 2];
    private static final int[] FIRST_PLACE = new int[LONGEST + 2];
    private static final int[] IN_ORDER = new int[END + 1];

    static {
        int code = 0;
        int place = 0;
        for (int length = SHORTEST; length <= LONGEST; length++) {
            FIRST_CODE[length] = code;
            FIRST_PLACE[length] = place;
            for (int octet = 0; octet <= END; octet++) {
                if (LENGTHS.charAt(octet) - 'a' + SHORTEST == length) {
                    IN_ORDER[place++] = octet;
                    code++;
                }
            }
            code <<= 1;
        }
        FIRST_PLACE[LONGEST + 1] = place;
    }

    private Huffman() {}

    /** The text of an encoded string; an error when it is not encoded as it must be. */
    static byte[] decode(byte[] bytes, int start, int end) throws Http2Problem {
        byte[] text = new byte[(end - start) * 8 / SHORTEST + 1];
        int size = 0;
        int code = 0;
        int length = 0;
        for (int at = start; at < end; at++) {
            for (int bit = 7; bit >= 0; bit--) {
                code = code << 1 | (bytes[at] >> bit & 1);
                length++;
                int place = length < SHORTEST ? -1 : place(code, length);
                if (place >= 0) {
                    int octet = IN_ORDER[place];
                    if (octet == END) {
                        throw new Http2Problem(Http2Problem.COMPRESSION_ERROR, "the end within a string");
                    }
                    text[size++] = (byte) octet;
                    code = 0;
                    length = 0;
                } else if (length > LONGEST) {
                    throw new Http2Problem(Http2Problem.COMPRESSION_ERROR, "no such code");
                }
            }
        }
        // RFC 7541 §5.2: the rest is the beginning of the end's code, all ones, and shorter than an octet.
        if (length > MAX_PADDING || code != (1 << length) - 1) {
            throw new Http2Problem(Http2Problem.COMPRESSION_ERROR, "bad padding");
        }
        return Arrays.copyOf(text, size);
    }

    /** The place of the octet with this code; negative when no code of this length is it. */
    private static int place(int code, int length) {
        if (length > LONGEST) {
            return -1;
        }
        int place = FIRST_PLACE[length] + code - FIRST_CODE[length];
        return place < FIRST_PLACE[length + 1] ? place : -1;
    }
}

package io.halite.dns.xdp;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A BPF program in the making: instructions of eight bytes, and jumps to labels (RFC 9669). */
final class Instructions {
    /** The size of what is read from or written to memory. */
    enum Size {
        BYTE(0x10), HALF(0x08), WORD(0x00), DOUBLE(0x18);

        private final int bits;

        Size(int bits) {
            this.bits = bits;
        }
    }

    /** What two numbers are compared by; the lower half of the registers or all of it. */
    enum Test {
        EQUAL(0x15), NOT_EQUAL(0x55), NOT_EQUAL_32(0x56), LESS_REGISTER(0xAD), GREATER_REGISTER(0x2D);

        private final int code;

        Test(int code) {
            this.code = code;
        }
    }

    private static final int LOAD = 0x61;
    private static final int STORE_REGISTER = 0x63;
    private static final int STORE_NUMBER = 0x62;
    private static final int MOVE_REGISTER = 0xBF;
    private static final int MOVE_NUMBER = 0xB7;
    private static final int ADD_NUMBER = 0x07;
    private static final int AND_NUMBER = 0x57;
    private static final int LOAD_MAP = 0x18;
    private static final int MAP_BY_DESCRIPTOR = 1;
    private static final int JUMP = 0x05;
    private static final int CALL = 0x85;
    private static final int EXIT = 0x95;
    private static final int SIZE = 8;

    private record Instruction(int code, int to, int from, int offset, int number, String label) {}

    private final List<Instruction> instructions = new ArrayList<>();
    private final Map<String, Integer> labels = new HashMap<>();

    private Instructions add(int code, int to, int from, int offset, int number) {
        instructions.add(new Instruction(code, to, from, offset, number, ""));
        return this;
    }

    /** {@code to = *(base + offset)}. */
    Instructions load(Size size, int to, int base, int offset) {
        return add(LOAD | size.bits, to, base, offset, 0);
    }

    /** {@code *(base + offset) = from}. */
    Instructions store(Size size, int base, int offset, int from) {
        return add(STORE_REGISTER | size.bits, base, from, offset, 0);
    }

    /** {@code *(base + offset) = number}. */
    Instructions storeNumber(Size size, int base, int offset, int number) {
        return add(STORE_NUMBER | size.bits, base, 0, offset, number);
    }

    Instructions move(int to, int from) {
        return add(MOVE_REGISTER, to, from, 0, 0);
    }

    Instructions moveNumber(int to, int number) {
        return add(MOVE_NUMBER, to, 0, 0, number);
    }

    Instructions addNumber(int to, int number) {
        return add(ADD_NUMBER, to, 0, 0, number);
    }

    Instructions andNumber(int to, int number) {
        return add(AND_NUMBER, to, 0, 0, number);
    }

    /** Jumps when {@code register TEST number}. */
    Instructions when(int register, Test test, int number, String label) {
        instructions.add(new Instruction(test.code, register, 0, 0, number, label));
        return this;
    }

    /** Jumps when {@code register TEST other}. */
    Instructions whenRegister(int register, Test test, int other, String label) {
        instructions.add(new Instruction(test.code, register, other, 0, 0, label));
        return this;
    }

    Instructions jump(String label) {
        instructions.add(new Instruction(JUMP, 0, 0, 0, 0, label));
        return this;
    }

    /** {@code to =} a map. */
    Instructions loadMap(int to, int descriptor) {
        add(LOAD_MAP, to, MAP_BY_DESCRIPTOR, 0, descriptor);
        return add(0, 0, 0, 0, 0);
    }

    /** Calls a function of the kernel: arguments in registers 1 to 5, its result in register 0. */
    Instructions call(int function) {
        return add(CALL, 0, 0, 0, function);
    }

    Instructions exit() {
        return add(EXIT, 0, 0, 0, 0);
    }

    /** What follows is where jumps to this label go. */
    Instructions label(String name) {
        labels.put(name, instructions.size());
        return this;
    }

    int count() {
        return instructions.size();
    }

    /** The program as the kernel reads it. */
    MemorySegment in(Arena arena) {
        MemorySegment program = arena.allocate((long) count() * SIZE, SIZE);
        for (int i = 0; i < count(); i++) {
            Instruction each = instructions.get(i);
            int offset = each.label.isEmpty()
                    ? each.offset
                    : Objects.requireNonNull(labels.get(each.label), each.label) - i - 1;
            long at = (long) i * SIZE;
            program.set(ValueLayout.JAVA_BYTE, at, (byte) each.code);
            program.set(ValueLayout.JAVA_BYTE, at + 1, (byte) (each.to | each.from << 4));
            program.set(ValueLayout.JAVA_SHORT, at + 2, (short) offset);
            program.set(ValueLayout.JAVA_INT, at + 4, each.number);
        }
        return program;
    }
}

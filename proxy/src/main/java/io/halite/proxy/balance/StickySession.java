package io.halite.proxy.balance;

/** What a client's cookie says; reused from request to request. */
final class StickySession {
    /** Id, hour and hash, as in the cookie. */
    final byte[] bytes = new byte[18];
    private int position = Pick.NONE;
    private boolean due;

    void clear() {
        position = Pick.NONE;
        due = false;
    }

    void found(int member, boolean dueForRenewal) {
        position = member;
        due = dueForRenewal;
    }

    /** The member it names, or {@link Pick#NONE}. */
    int position() {
        return position;
    }

    /** Whether it should be renewed. */
    boolean isDue() {
        return due;
    }
}

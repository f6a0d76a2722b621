package io.halite.appliance.process;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/** Signals of the operating system to this process. */
final class Signals {
    private Signals() {}

    /** Has something done on each signal of these names, in place of what the JVM does. */
    static void on(Iterable<String> names, Runnable what) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            what.run();
            return null;
        };
        try {
            // By reflection: javac warns of each direct use of this class, supported as it is, and no option silences it.
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> type = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler);
            for (String name : names) {
                signal.getMethod("handle", signal, type).invoke(null, signal.getConstructor(String.class).newInstance(name),
                        proxy);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Java runtime does not tell of signals", e);
        }
    }
}

package org.peekplatform.vortex;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.peekplatform.api.Caller;
import org.peekplatform.api.Registration;

/// What plugins declared holds, except for what a test takes away; remembers what was asked.
final class SwitchedAuthorisation implements Authorisation {
    private final Set<String> taken = ConcurrentHashMap.newKeySet();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    @Override
    public boolean permits(Caller caller, Request request) {
        asked.add(request.kind() + " " + request.type() + " " + request.key());
        return request.declared().test(caller) && !taken.contains(request.type());
    }

    @Override
    public Registration onChange(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    void take(String type) {
        taken.add(type);
        listeners.forEach(Runnable::run);
    }

    void giveBack(String type) {
        taken.remove(type);
        listeners.forEach(Runnable::run);
    }

    List<String> asked() {
        return asked;
    }
}

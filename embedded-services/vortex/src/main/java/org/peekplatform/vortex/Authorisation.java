package org.peekplatform.vortex;

import java.util.Map;
import java.util.function.Predicate;
import org.peekplatform.api.Audience;
import org.peekplatform.api.Caller;
import org.peekplatform.api.Registration;

/// The one question that is asked before anything reaches a plugin: may this caller do that? Asked
/// for every subscription, action and call, table edits among them, with an identity that the link
/// has proven. What nobody has declared is refused before the question comes up, because there is
/// nothing of that name.
public interface Authorisation {
    /// Does not block; may be asked often.
    boolean permits(Caller caller, Request request);

    /// Tells `listener` that answers may differ from now on: subscriptions ask again.
    Registration onChange(Runnable listener);

    /// What somebody wants.
    ///
    /// @param type name of the tuple type or action, or interface and method of a call
    /// @param key of the selector observed; empty for everything else
    /// @param declared whom the plugin named when it registered what is asked for
    record Request(Kind kind, String type, Map<String, String> key, Predicate<Caller> declared) {
        static Request of(Kind kind, String type, Map<String, String> key, Audience audience) {
            return new Request(kind, type, key, audience::admits);
        }
    }

    enum Kind {
        OBSERVE,
        ACT,
        CALL
    }

    /// The policy while there are no users with rights of their own: what the plugin declared
    /// holds, and never changes.
    static Authorisation asDeclared() {
        return new Authorisation() {
            @Override
            public boolean permits(Caller caller, Request request) {
                return request.declared().test(caller);
            }

            @Override
            public Registration onChange(Runnable listener) {
                return () -> {};
            }
        };
    }
}

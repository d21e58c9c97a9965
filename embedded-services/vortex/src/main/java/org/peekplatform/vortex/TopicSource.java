package org.peekplatform.vortex;

import java.util.function.Consumer;
import org.peekplatform.api.Caller;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.Registration;

/// Where topics are had: the providers of this service, or another service upstream.
public interface TopicSource {
    /// Adds `observer` to the topic of `selector`, which is made when nobody observed it. The
    /// observer is told when there is something to send; what is there already it asks for itself.
    ///
    /// @throws PeekException `NOT_OFFERED` or `NOT_ALLOWED`
    Topic observe(Selector selector, Caller caller, Topic.Observer observer);

    /// Whether rows of the type depend on who observes them. A client service, which observes for
    /// all its devices together, is then told to name the one it observes for.
    default boolean dependsOnViewer(String typeName) {
        return false;
    }

    /// The opposite. A topic that nobody observes is kept for a while, for those who come back.
    void unobserve(Topic topic, Topic.Observer observer);

    /// Tells `listener` the name of every tuple type that gets a provider here from now on; whoever
    /// was refused, or observes one already, observes again.
    Registration onOffer(Consumer<String> listener);
}

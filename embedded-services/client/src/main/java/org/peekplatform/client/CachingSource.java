package org.peekplatform.client;

import java.util.function.Consumer;
import org.peekplatform.api.Caller;
import org.peekplatform.api.Registration;
import org.peekplatform.vortex.LinkClient;
import org.peekplatform.vortex.ObservableHub;
import org.peekplatform.vortex.Selector;
import org.peekplatform.vortex.Topic;
import org.peekplatform.vortex.TopicSource;

/// What devices can observe here: what the client parts of plugins provide, and through one cache
/// everything else from the server.
final class CachingSource implements TopicSource {
    private final ObservableHub local;
    private final LinkClient upstream;

    CachingSource(ObservableHub local, LinkClient upstream) {
        this.local = local;
        this.upstream = upstream;
    }

    @Override
    public Topic observe(Selector selector, Caller caller, Topic.Observer observer) {
        TopicSource source = local.offers(selector.typeName()) ? local : upstream;
        return source.observe(selector, caller, observer);
    }

    @Override
    public void unobserve(Topic topic, Topic.Observer observer) {
        if (local.holds(topic)) {
            local.unobserve(topic, observer);
        } else {
            upstream.unobserve(topic, observer);
        }
    }

    @Override
    public Registration onOffer(Consumer<String> listener) {
        Registration here = local.onOffer(listener);
        Registration there = upstream.onOffer(listener);
        return () -> {
            here.close();
            there.close();
        };
    }
}

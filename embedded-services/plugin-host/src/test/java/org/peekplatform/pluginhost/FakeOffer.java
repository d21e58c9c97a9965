package org.peekplatform.pluginhost;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.peekplatform.api.Audience;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.Registration;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.api.action.ActionEndpoints;
import org.peekplatform.api.action.ActionHandler;
import org.peekplatform.api.action.ActionOutcome;
import org.peekplatform.api.action.ActionSender;
import org.peekplatform.api.action.ActionTuple;
import org.peekplatform.api.rpc.Rpc;
import org.peekplatform.api.table.TableClients;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleEndpoints;
import org.peekplatform.api.tuple.TupleListener;
import org.peekplatform.api.tuple.TupleObserver;
import org.peekplatform.api.tuple.TupleProvider;
import org.peekplatform.api.tuple.TupleSelector;
import org.peekplatform.api.tuple.ViewerTupleProvider;

/// A service that does nothing but tell the test what happens, in the order it happens.
///
/// @param test gets texts such as `prepare NAME on SERVICE`, and what plugins tell it
record FakeOffer(ServiceKind service, Consumer<Object> test) implements ServiceOffer {

    @Override
    public TupleEndpoints tuples(PluginScope scope) {
        if (service == ServiceKind.DESKTOP || service == ServiceKind.ADMIN) {
            throw new PeekException(
                    ErrorCode.NOT_OFFERED, "tuples are not offered on " + service.id());
        }
        test.accept("tuples for " + at(scope));
        return new TupleEndpoints() {
            @Override
            public <T extends Tuple> Registration provide(
                    Class<T> type, Audience audience, TupleProvider<T> provider) {
                test.accept("provide " + at(scope));
                return scope.register(() -> test.accept("withdraw " + at(scope)));
            }

            @Override
            public <T extends Tuple> Registration providePerViewer(
                    Class<T> type, Audience audience, ViewerTupleProvider<T> provider) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void changed(TupleSelector<?> selector, Collection<?> keys) {
                changed(selector);
            }

            @Override
            public void changed(TupleSelector<?> selector) {}

            @Override
            public void changed(Class<? extends Tuple> type) {}
        };
    }

    @Override
    public ActionEndpoints actions(PluginScope scope) {
        return new ActionEndpoints() {
            @Override
            public <A extends ActionTuple> Registration handle(
                    Class<A> type, Audience audience, ActionHandler<A> handler) {
                return scope.register(() -> {});
            }
        };
    }

    @Override
    public TupleObserver observer(PluginScope scope) {
        return new TupleObserver() {
            @Override
            public <T extends Tuple> CompletableFuture<List<T>> ask(TupleSelector<T> selector) {
                throw new UnsupportedOperationException();
            }

            @Override
            public <T extends Tuple> Registration observe(
                    TupleSelector<T> selector, TupleListener<T> listener) {
                return scope.register(() -> {});
            }
        };
    }

    @Override
    public ActionSender sender(PluginScope scope) {
        return new ActionSender() {
            @Override
            public CompletableFuture<ActionOutcome> send(ActionTuple action) {
                return CompletableFuture.completedFuture(new ActionOutcome.Applied());
            }

            @Override
            public CompletableFuture<ActionOutcome> send(
                    ActionTuple action, Class<? extends Tuple> valueType) {
                return send(action);
            }
        };
    }

    @Override
    public Rpc rpc(PluginScope scope) {
        throw new PeekException(ErrorCode.NOT_OFFERED, "calls are not offered on " + service.id());
    }

    @Override
    public TableClients tables(PluginScope scope) {
        throw new PeekException(ErrorCode.NOT_OFFERED, "tables are not offered on " + service.id());
    }

    @Override
    public <T> Optional<T> capability(PluginScope scope, Class<T> type) {
        return type == Consumer.class ? Optional.of(type.cast(test)) : Optional.empty();
    }

    @Override
    public void prepare(PluginScope scope) {
        test.accept("prepare " + at(scope));
    }

    @Override
    public void released(PluginScope scope) {
        test.accept("released " + at(scope));
    }

    private static String at(PluginScope scope) {
        return scope.plugin().name()
                + " "
                + scope.plugin().version()
                + " on "
                + scope.service().id();
    }
}

package org.peekplatform.vortex;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.peekplatform.api.Caller;
import org.peekplatform.api.Registration;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.api.rpc.Rpc;

/// Nothing of a plugin that called and was called stays in memory once it has stopped.
class RpcUnloadTest {
    private static final int CYCLES = 5;

    @Test
    void theClassLoaderOfAStoppedPluginIsCollected() throws Exception {
        try (PlatformThreads threads = new PlatformThreads();
                RpcHub hub =
                        new RpcHub(
                                new Caller.Service(ServiceKind.SERVER, "server"),
                                Authorisation.asDeclared())) {
            RpcRouter router = new RpcRouter(hub, threads);
            List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
            for (int i = 0; i < CYCLES; i++) {
                loaders.add(callAndStop(hub, router, threads));
            }
            for (int i = 0; i < 50 && alive(loaders) > 0; i++) {
                System.gc();
                new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS);
            }
            assertThat(alive(loaders)).isZero();
        }
    }

    private static WeakReference<ClassLoader> callAndStop(
            RpcHub hub, RpcRouter router, PlatformThreads threads)
            throws ReflectiveOperationException {
        ClassLoader loader = new FixtureLoader();
        List<Registration> registered = new ArrayList<>();
        Party plugin =
                new Party(
                        "test",
                        new TupleCodec(loader),
                        CallGuard.none(),
                        registration -> {
                            registered.add(registration);
                            return registration;
                        });
        Class<?> type = loader.loadClass("org.peekplatform.vortex.fixture.SelfCaller");
        assertThat(type.getClassLoader()).isSameAs(loader);
        @SuppressWarnings("unchecked") // as the fixture declares it
        Function<Rpc, String> caller = (Function<Rpc, String>) type.getConstructor().newInstance();
        assertThat(caller.apply(new PartyRpc(hub, router, plugin, threads))).isEqualTo("hello!");
        registered.reversed().forEach(Registration::close);
        return new WeakReference<>(loader);
    }

    private static long alive(List<WeakReference<ClassLoader>> loaders) {
        return loaders.stream().filter(loader -> !loader.refersTo(null)).count();
    }

    /// Loads the fixture's classes itself, everything else with the test.
    private static final class FixtureLoader extends ClassLoader {
        FixtureLoader() {
            super(RpcUnloadTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("org.peekplatform.vortex.fixture.")) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? define(name) : loaded;
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream in =
                    RpcUnloadTest.class.getResourceAsStream(
                            "/" + name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}

package org.peekplatform.vortex;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.peekplatform.api.Audience;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleKey;
import org.peekplatform.api.tuple.TupleType;

/// A thousand receivers cost one encoding.
class FanOutTest {
    private static final int RECEIVERS = 1_000;

    @TupleType(name = "test.Row")
    record Row(@TupleKey long id, String text) implements Tuple {}

    // Symptom: a large snapshot was made several times over when many devices observed at once.
    // Cause: each thread that found it not yet made began to make it. Fix: one makes it, the others
    // wait for that.
    @Test
    void aThousandReceiversAreSentTheSameBytesOnce() throws Exception {
        AtomicReference<List<Row>> table =
                new AtomicReference<>(List.of(new Row(1, "a"), new Row(2, "b")));
        try (PlatformThreads threads = new PlatformThreads();
                ObservableHub hub =
                        new ObservableHub(
                                threads, Transactions.none(), Authorisation.asDeclared());
                ActionHub actions =
                        new ActionHub(Transactions.none(), hub, Authorisation.asDeclared());
                LinkService service =
                        new LinkService(ServiceKind.CLIENT, "client", "1", hub, actions)) {
            new PartyTuples(hub, Party.platform("test"))
                    .provide(Row.class, Audience.DEVICES, selector -> table.get());
            Receivers receivers = new Receivers(2 * RECEIVERS);
            for (int i = 0; i < RECEIVERS; i++) {
                Link.Listener served = service.accept(receivers, new Caller.Device("d" + i));
                served.frame(Frame.of(new Header.Hello(1, "d", false)));
                served.frame(Frame.of(new Header.Observe("[\"test.Row\"]", null, 0)));
            }
            receivers.await();
            assertThat(receivers.frames).as("frames of the snapshot").hasSize(1);
            assertThat(receivers.bytes).as("encodings of the snapshot").hasSize(1);

            receivers.expect(RECEIVERS);
            table.set(List.of(new Row(1, "a"), new Row(2, "changed")));
            hub.changed("test.Row");
            receivers.await();

            assertThat(receivers.frames).as("frames of the delta").hasSize(1);
            assertThat(receivers.frames.iterator().next().header())
                    .isInstanceOf(Header.Delta.class);
            assertThat(receivers.bytes).as("encodings of the delta").hasSize(1);
        }
    }

    /// All receivers in one, which counts what is sent to them by identity.
    private static final class Receivers implements Link {
        private final Set<Frame> frames =
                Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));
        private final Set<byte[]> bytes =
                Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));
        private volatile CountDownLatch sent;

        Receivers(int expected) {
            sent = new CountDownLatch(expected);
        }

        void expect(int expected) {
            frames.clear();
            bytes.clear();
            sent = new CountDownLatch(expected);
        }

        void await() throws InterruptedException {
            assertThat(sent.await(10, TimeUnit.SECONDS)).isTrue();
        }

        @Override
        public void send(Frame frame, Runnable written) {
            if (!(frame.header() instanceof Header.Welcome)) {
                frames.add(frame);
                bytes.add(frame.bytes());
            }
            sent.countDown();
            written.run();
        }

        @Override
        public void close(CloseReason reason) {}
    }
}

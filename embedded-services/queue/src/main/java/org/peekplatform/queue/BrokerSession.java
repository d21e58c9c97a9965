package org.peekplatform.queue;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.MessageProperties;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.peekplatform.vortex.PlatformThreads;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One connection to RabbitMQ, from its beginning to the first trouble.
///
/// Each type of task has a durable quorum queue. A message in it says that one task of the type is
/// due, not which: the worker that takes it takes the most urgent one from the table. So a message
/// too many does nothing, and one that is missing can be made again. A message is acknowledged when
/// a task has been claimed for it; from then on the lease in the table guards the task.
final class BrokerSession implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(BrokerSession.class);

    private static final int CONNECT_MILLIS = 5_000;
    private static final int ANSWER_MILLIS = 10_000;
    private static final int HEARTBEAT_SECONDS = 10;
    private static final Duration UNUSED = Duration.ofMillis(400);

    // What a worker may have before it asks for it. More than it asks for at once, so that it need
    // not wait for the broker between two tasks.
    private static final int PREFETCH = 256;

    private static final int MAX_MESSAGES = 1_000_000;
    private static final int MAX_DEAD = 10_000;
    private static final int MAX_DELIVERIES = 1_000;
    private static final long UNUSED_QUEUE_MILLIS = Duration.ofDays(30).toMillis();
    private static final int LONGEST_TYPE = 200;

    private final Connection connection;
    private final Channel publishing;
    private final String prefix;
    private final Runnable ring;
    private final Set<String> declared = ConcurrentHashMap.newKeySet();

    private final Object lock = new Object();
    // All guarded by the lock.
    private @Nullable Channel consuming;
    private Set<String> types = Set.of();
    private final Map<String, Deque<Long>> waiting = new HashMap<>();
    private long takenNanos;

    private BrokerSession(Connection connection, String prefix, Runnable ring) throws IOException {
        this.connection = connection;
        this.prefix = prefix;
        this.ring = ring;
        publishing = connection.createChannel();
        publishing.confirmSelect();
        // A queue that somebody deleted is made again with the next message.
        publishing.addReturnListener(returned -> declared.remove(returned.getRoutingKey()));
        publishing.queueDeclare(
                dead(), true, false, false, Map.of("x-max-length", (Object) MAX_DEAD));
    }

    /// Connects, which may take some seconds.
    ///
    /// @param system whose queues these are
    /// @param ring called when a message has come; must not block
    static BrokerSession open(BrokerLocation location, String system, Runnable ring)
            throws IOException, TimeoutException {
        ConnectionFactory factory = new ConnectionFactory();
        URI uri = location.rabbit();
        try {
            factory.setUri(uri);
            if ("amqps".equalsIgnoreCase(uri.getScheme())) {
                // By itself the client would trust everyone.
                factory.useSslProtocol(SSLContext.getDefault());
                factory.enableHostnameVerification();
            }
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
        if (!location.rabbitUser().isEmpty()) {
            factory.setUsername(location.rabbitUser());
            factory.setPassword(location.rabbitPassword());
        }
        // Its own recovery would bring back consumers with tags that nobody knows any more.
        factory.setAutomaticRecoveryEnabled(false);
        factory.setConnectionTimeout(CONNECT_MILLIS);
        factory.setHandshakeTimeout(ANSWER_MILLIS);
        factory.setChannelRpcTimeout(ANSWER_MILLIS);
        factory.setRequestedHeartbeat(HEARTBEAT_SECONDS);
        factory.setThreadFactory(
                PlatformThreads.virtual("peek-broker", BrokerSession.class.getClassLoader()));
        Connection connection = factory.newConnection("Peek");
        try {
            return new BrokerSession(connection, "peek." + system + ".", ring);
        } catch (IOException | RuntimeException e) {
            connection.abort(CONNECT_MILLIS);
            throw e;
        }
    }

    boolean isOpen() {
        return connection.isOpen() && publishing.isOpen();
    }

    /// Says of each of these tasks that it is due, and waits until the broker has stored it.
    ///
    /// @throws IOException when one of them was not stored, as far as is known
    void publish(Collection<String> typesOfTasks) throws IOException {
        for (String type : typesOfTasks) {
            String queue = declare(publishing, type);
            publishing.basicPublish(
                    "",
                    queue,
                    true,
                    MessageProperties.MINIMAL_PERSISTENT_BASIC,
                    type.getBytes(UTF_8));
        }
        try {
            publishing.waitForConfirmsOrDie(ANSWER_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the broker stores messages", e);
        } catch (TimeoutException e) {
            throw new IOException("the broker does not store messages; is its disk full?", e);
        }
    }

    /// Whether no message waits in the queue of `type`.
    boolean isEmpty(String type) throws IOException {
        return publishing.messageCount(declare(publishing, type)) == 0;
    }

    private String declare(Channel channel, String type) throws IOException {
        String queue = prefix + shortened(type);
        if (declared.contains(queue)) {
            return queue;
        }
        // One by one: RabbitMQ fails when a quorum queue is used while it is being made.
        synchronized (declared) {
            if (declared.contains(queue)) {
                return queue;
            }
            channel.queueDeclare(
                    queue,
                    true,
                    false,
                    false,
                    Map.of(
                            "x-queue-type",
                            "quorum",
                            "x-max-length",
                            MAX_MESSAGES,
                            "x-delivery-limit",
                            MAX_DELIVERIES,
                            "x-expires",
                            UNUSED_QUEUE_MILLIS,
                            "x-dead-letter-exchange",
                            "",
                            "x-dead-letter-routing-key",
                            dead()));
            declared.add(queue);
        }
        return queue;
    }

    private String dead() {
        return prefix + "dead";
    }

    // The broker allows 255 bytes.
    private static String shortened(String type) {
        return type.length() <= LONGEST_TYPE
                ? type
                : type.substring(0, LONGEST_TYPE - 9) + "." + Integer.toHexString(type.hashCode());
    }

    /// Messages that wait here, by type.
    ///
    /// @param tags by which they are acknowledged, oldest first
    record Waiting(@Nullable Channel channel, Map<String, List<Long>> tags) {
        int count() {
            return tags.values().stream().mapToInt(List::size).sum();
        }
    }

    /// What is here for a worker that does these types. The first call, and each with other types,
    /// asks the broker for them; what it has comes later.
    Waiting waiting(Set<String> wanted) throws IOException {
        synchronized (lock) {
            takenNanos = System.nanoTime();
            if (consuming == null || !consuming.isOpen() || !types.equals(wanted)) {
                stopConsuming();
                consume(wanted);
            }
            Map<String, List<Long>> tags = new HashMap<>();
            waiting.forEach((type, some) -> {
                if (!some.isEmpty()) {
                    tags.put(type, List.copyOf(some));
                }
            });
            return new Waiting(consuming, tags);
        }
    }

    private void consume(Set<String> wanted) throws IOException {
        Channel channel = connection.createChannel();
        consuming = channel;
        types = Set.copyOf(wanted);
        channel.basicQos(PREFETCH);
        for (String type : wanted) {
            channel.basicConsume(declare(channel, type), false, new Receiver(channel, type));
        }
    }

    private final class Receiver extends DefaultConsumer {
        private final String type;

        Receiver(Channel channel, String type) {
            super(channel);
            this.type = type;
        }

        @Override
        public void handleDelivery(
                String consumer, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
            synchronized (lock) {
                if (!getChannel().equals(consuming)) {
                    return;
                }
                waiting.computeIfAbsent(type, any -> new ArrayDeque<>())
                        .add(envelope.getDeliveryTag());
            }
            ring.run();
        }

        /// The queue is gone; the next call of [#waiting] makes it again.
        @Override
        public void handleCancel(String consumer) {
            synchronized (lock) {
                declared.remove(prefix + shortened(type));
                if (getChannel().equals(consuming)) {
                    types = Set.of();
                }
            }
        }
    }

    /// Tasks have been claimed for these messages, or there was none.
    void acknowledge(Waiting messages) {
        Channel channel = messages.channel();
        if (channel == null) {
            return;
        }
        List<Long> all = new ArrayList<>();
        synchronized (lock) {
            if (!channel.equals(consuming)) {
                // They have gone back to the queue.
                return;
            }
            messages.tags()
                    .forEach((type, tags) -> {
                        Deque<Long> known = waiting.get(type);
                        if (known != null) {
                            known.removeAll(new HashSet<>(tags));
                        }
                        all.addAll(tags);
                    });
        }
        try {
            for (long tag : all) {
                channel.basicAck(tag, false);
            }
        } catch (IOException | RuntimeException e) {
            log.debug("Messages were not acknowledged and come again", e);
        }
    }

    /// Lets other workers have what waits here while this one has no room for it.
    void yieldWhatIsUnused() {
        synchronized (lock) {
            boolean unused = System.nanoTime() - takenNanos > UNUSED.toNanos();
            if (unused && waiting.values().stream().anyMatch(some -> !some.isEmpty())) {
                stopConsuming();
            }
        }
    }

    // Holds the lock. What is not acknowledged goes back to the queue with the channel.
    private void stopConsuming() {
        Channel channel = consuming;
        consuming = null;
        waiting.clear();
        if (channel != null) {
            try {
                channel.abort();
            } catch (IOException e) {
                log.debug("A channel was broken already", e);
            }
        }
    }

    @Override
    public void close() {
        connection.abort(CONNECT_MILLIS);
    }
}

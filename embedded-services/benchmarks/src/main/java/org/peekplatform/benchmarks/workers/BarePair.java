package org.peekplatform.benchmarks.workers;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.MessageProperties;
import java.io.IOException;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.peekplatform.testservers.RabbitServer;
import org.peekplatform.testservers.RedisServer;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.params.SetParams;

/// Jobs over RabbitMQ and Redis with their Java clients alone: confirmed messages in a quorum
/// queue, acknowledged one by one, results with a lifetime. Nothing is tracked, retried or stored
/// besides.
final class BarePair implements Contestant {
    private static final String QUEUE = "bare";
    private static final int WINDOW = 500;
    private static final int MGET = 500;

    private final Connection publishing;
    private final Connection consuming;
    private final Channel publisher;
    private final RedisClient submitter;
    private final RedisClient worker;
    private long next;

    BarePair(RabbitServer rabbit, RedisServer redis)
            throws IOException, TimeoutException, URISyntaxException, GeneralSecurityException {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(rabbit.url());
        factory.setUsername(rabbit.user());
        factory.setPassword(rabbit.password());
        publishing = factory.newConnection();
        consuming = factory.newConnection();
        publisher = publishing.createChannel();
        publisher.confirmSelect();
        publisher.queueDeclare(QUEUE, true, false, false, Map.of("x-queue-type", "quorum"));
        submitter = client(redis);
        worker = client(redis);
        Channel channel = consuming.createChannel();
        channel.basicQos(WINDOW);
        channel.basicConsume(
                QUEUE,
                false,
                new DefaultConsumer(channel) {
                    @Override
                    public void handleDelivery(
                            String tag,
                            Envelope envelope,
                            AMQP.BasicProperties properties,
                            byte[] body)
                            throws IOException {
                        worker.set(
                                key(properties.getMessageId()),
                                body,
                                SetParams.setParams().ex(120));
                        channel.basicAck(envelope.getDeliveryTag(), false);
                    }
                });
    }

    private static RedisClient client(RedisServer redis) {
        return RedisClient.builder()
                .hostAndPort("127.0.0.1", redis.port())
                .clientConfig(DefaultJedisClientConfig.builder().password(redis.password()).build())
                .build();
    }

    private static byte[] key(String id) {
        return ("bare:" + id).getBytes(UTF_8);
    }

    @Override
    public String name() {
        return "pair";
    }

    private String publish(String payload) throws IOException {
        String id = String.valueOf(next++);
        AMQP.BasicProperties properties =
                MessageProperties.MINIMAL_PERSISTENT_BASIC.builder().messageId(id).build();
        publisher.basicPublish("", QUEUE, properties, payload.getBytes(UTF_8));
        return id;
    }

    @Override
    public String one(String payload) throws Exception {
        byte[] key = key(publish(payload));
        publisher.waitForConfirmsOrDie(10_000);
        while (true) {
            byte[] found = submitter.get(key);
            if (found != null) {
                return new String(found, UTF_8);
            }
        }
    }

    @Override
    public int many(int count) throws Exception {
        List<byte[]> keys = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            keys.add(key(publish("task " + i)));
            if (i % WINDOW == WINDOW - 1) {
                publisher.waitForConfirmsOrDie(10_000);
            }
        }
        publisher.waitForConfirmsOrDie(10_000);
        int right = 0;
        for (int from = 0; from < count; from += MGET) {
            int to = Math.min(from + MGET, count);
            List<byte[]> found;
            do {
                found = submitter.mget(keys.subList(from, to).toArray(byte[][]::new));
            } while (found.contains(null));
            for (int i = from; i < to; i++) {
                right += new String(found.get(i - from), UTF_8).equals("task " + i) ? 1 : 0;
            }
        }
        return right;
    }

    @Override
    public void close() throws IOException {
        publishing.close();
        consuming.close();
        submitter.close();
        worker.close();
    }
}

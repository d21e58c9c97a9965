package org.peekplatform.queue;

import java.net.URI;

/// Where RabbitMQ and Redis are, and who asks them.
///
/// @param rabbit such as `amqp://host:5672/virtual-host`, or `amqps://…`
/// @param rabbitUser empty for RabbitMQ's own default
/// @param redis such as `redis://host:6379/0`, or `rediss://…`
/// @param redisPassword empty where none is asked for
public record BrokerLocation(
        URI rabbit, String rabbitUser, String rabbitPassword, URI redis, String redisPassword) {
    @Override
    public String toString() {
        return "RabbitMQ at " + rabbit + " and Redis at " + redis;
    }
}

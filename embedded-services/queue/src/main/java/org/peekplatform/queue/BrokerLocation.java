package org.peekplatform.queue;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;

/// Where RabbitMQ and Redis are, and who asks them.
///
/// @param rabbit such as `amqp://host:5672/virtual-host`, or `amqps://…`
/// @param rabbitUser empty for RabbitMQ's own default
/// @param redis such as `redis://host:6379/0`, or `rediss://…`
/// @param redisUser empty for Redis' default user
/// @param redisPassword empty where none is asked for
public record BrokerLocation(
        URI rabbit,
        String rabbitUser,
        String rabbitPassword,
        URI redis,
        String redisUser,
        String redisPassword) {

    /// Reads an address.
    ///
    /// @param setting its name, for messages
    /// @param schemes that are allowed
    /// @throws PeekException with `BAD_REQUEST` when it is none
    public static URI address(String setting, String text, Set<String> schemes) {
        try {
            URI uri = new URI(text);
            String scheme = uri.getScheme();
            if (uri.getHost() != null
                    && uri.getUserInfo() == null
                    && scheme != null
                    && schemes.contains(scheme.toLowerCase(Locale.ROOT))) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // Said below.
        }
        String scheme = schemes.stream().sorted().findFirst().orElseThrow();
        throw new PeekException(
                ErrorCode.BAD_REQUEST,
                "%s is '%s'; allowed is an address such as %s://host:port, without user and password, which have settings of their own"
                        .formatted(setting, text, scheme));
    }

    @Override
    public String toString() {
        return "RabbitMQ at " + rabbit + " and Redis at " + redis;
    }
}

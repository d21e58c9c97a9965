package org.peekplatform.launcher;

import java.io.PrintStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.web.identity.JoinToken;
import org.peekplatform.web.identity.PartyKey;
import org.peekplatform.web.identity.PartyKind;
import org.peekplatform.web.identity.PinnedTls;

/// `peek join`: makes a service of this home known to a server on another host, with a token that
/// the server's administrator has made.
final class CliJoin {
    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final Home home;
    private final PrintStream out;

    CliJoin(Home home, PrintStream out) {
        this.home = home;
        this.out = out;
    }

    /// @param name of the service where the token has none; null for one made from the host's
    int join(String text, @Nullable String name) {
        JoinToken token = JoinToken.parse(text);
        PartyKind kind = token.kind();
        if (kind == PartyKind.DEVICE) {
            throw new PeekException(
                    ErrorCode.BAD_REQUEST,
                    "this token is for a device; open it in the browser of the device. For a service have one made for a client or an agent");
        }
        if (token.addresses().isEmpty()) {
            throw new PeekException(
                    ErrorCode.BAD_REQUEST,
                    "the token names no address of the server; open the data exchange to the network in its admin, and have a new token made");
        }
        home.prepare();
        refuseBesideServer();
        ServiceIdentity joined = join(token, name == null ? ownName(kind) : name);
        joined.write(home, kind.id());
        out.printf(
                "Joined the server at %s as %s '%s'.%n",
                joined.addresses().getFirst(), kind.id(), joined.name());
        out.printf("Start it with: peek --service %s --home %s%n", kind.id(), home.root());
        return Cli.DONE;
    }

    private ServiceIdentity join(JoinToken token, String name) {
        PartyKey key = PartyKey.make();
        PeekException last = null;
        try (HttpClient http =
                HttpClient.newBuilder()
                        .connectTimeout(CONNECT)
                        .sslContext(PinnedTls.to(token.fingerprint()))
                        .build()) {
            for (String address : token.addresses()) {
                try {
                    JoinClient.Joined joined =
                            new JoinClient(http, "https://" + address)
                                    .join(token.secret(), token.kind(), name, key);
                    // The one that answers first from here, then the others.
                    List<String> addresses =
                            Stream.concat(
                                            Stream.of(address),
                                            token.addresses().stream()
                                                    .filter(other -> !other.equals(address)))
                                    .toList();
                    return new ServiceIdentity(
                            key, joined.id(), joined.name(), token.fingerprint(), addresses);
                } catch (PeekException e) {
                    if (!e.code().equals(ErrorCode.OFFLINE)) {
                        throw e;
                    }
                    last = e;
                }
            }
        }
        throw new PeekException(
                ErrorCode.OFFLINE,
                "the server cannot be reached at %s; see that it runs, that its data exchange is open to the network, and that no firewall is between"
                        .formatted(String.join(" or ", token.addresses())),
                last);
    }

    private void refuseBesideServer() {
        Optional<RunFiles.Running> server = RunFiles.findRunning(home, "server");
        if (server.isPresent()) {
            throw new PeekException(
                    ErrorCode.CONFLICT,
                    "a server runs on "
                            + home.root()
                            + ", whose services need no token; join with another home, named with --home DIR");
        }
    }

    private static String ownName(PartyKind kind) {
        try {
            String host =
                    InetAddress.getLocalHost()
                            .getHostName()
                            .toLowerCase(Locale.ROOT)
                            .replaceAll("[^a-z0-9._-]", "-");
            return kind.id() + "-" + host.substring(0, Math.min(host.length(), 40));
        } catch (UnknownHostException e) {
            return kind.id() + "-elsewhere";
        }
    }
}

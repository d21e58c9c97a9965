package org.peekplatform.web;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.SameSite;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.vortex.Link;
import org.peekplatform.web.identity.DeviceMessages;
import org.peekplatform.web.identity.Enrolment;
import org.peekplatform.web.identity.Proof;

/// Lets devices in at a client site. A browser on this machine is known by its [DeviceCookie]; from
/// elsewhere a device joins with a token, and proves its key to get a cookie for some hours.
///
/// The cookie is signed and can be checked without asking anybody, so that any number of devices
/// may come back at once. That a device is revoked counts as soon as this service hears of it.
public final class DeviceGate implements Callers {
    private static final String COOKIE = "__Host-peek_joined";
    private static final String NOT_JOINED =
            "this device has not joined; ask an administrator for a token or a QR code, and open it on this device";

    // The more special ones first: most browsers also say that they are some of the others.
    private static final List<Map.Entry<String, String>> BROWSERS =
            List.of(
                    Map.entry("Edg", "Edge"),
                    Map.entry("OPR/", "Opera"),
                    Map.entry("Firefox/", "Firefox"),
                    Map.entry("Chrome/", "Chrome"),
                    Map.entry("Safari/", "Safari"));
    private static final List<Map.Entry<String, String>> SYSTEMS =
            List.of(
                    Map.entry("iPhone", "iPhone"),
                    Map.entry("iPad", "iPad"),
                    Map.entry("Android", "Android"),
                    Map.entry("Windows", "Windows"),
                    Map.entry("Mac OS X", "macOS"),
                    Map.entry("CrOS", "ChromeOS"),
                    Map.entry("Linux", "Linux"));

    private final DeviceRegistrar registrar;
    private final SecretKeySpec key;
    private final InstantSource clock;
    private volatile Set<String> revoked = Set.of();

    /// @param key secret that cookies are signed with
    public DeviceGate(DeviceRegistrar registrar, String key, InstantSource clock) {
        this.registrar = registrar;
        this.key = new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256");
        this.clock = clock;
    }

    record Join(@Nullable String secret, @Nullable String name, @Nullable String publicKey) {}

    record Proving(@Nullable String id, @Nullable String nonce, @Nullable String signature) {}

    private record Joined(String id, Instant until) {}

    /// The routes by which a device gets in.
    public void addTo(RoutesConfig routes) {
        routes.get("/join/state", this::state);
        routes.get("/join/challenge", this::challenge);
        routes.post("/join/prove", this::takeProof);
        routes.post("/join/device", this::join);
    }

    /// Those devices, and no others, are revoked from now on.
    public void revoked(Set<String> ids) {
        revoked = Set.copyOf(ids);
    }

    /// @throws PeekException with `NOT_JOINED` or `REVOKED` when the device may not connect
    @Override
    public Caller prove(Context request) {
        if (Site.isLocal(request)) {
            return DeviceCookie.of(request);
        }
        Optional<Joined> joined = joined(request);
        if (joined.isEmpty()) {
            registrar.refused(browser(request), request.ip(), NOT_JOINED);
            throw new PeekException(Enrolment.NOT_JOINED, NOT_JOINED);
        }
        String id = joined.get().id();
        if (revoked.contains(id)) {
            String why = "an administrator has revoked this device; ask for a new token";
            registrar.refused(browser(request), request.ip(), why);
            throw new PeekException(Enrolment.REVOKED, why);
        }
        registrar.seen(id);
        return new Caller.Device(id);
    }

    /// The link of a device from elsewhere lasts until the device is revoked.
    @Override
    public Tenure tenure(Context request) {
        if (Site.isLocal(request)) {
            return Tenure.FOR_EVER;
        }
        String id = joined(request).map(Joined::id).orElse("");
        return new Tenure() {
            @Override
            public boolean lasts(boolean used) {
                return !revoked.contains(id);
            }

            @Override
            public Link.CloseReason ending() {
                return REVOKED;
            }
        };
    }

    private void state(Context request) {
        Map<String, String> answer = new LinkedHashMap<>();
        if (Site.isLocal(request)) {
            answer.put("state", "local");
        } else {
            Joined joined =
                    joined(request).filter(known -> !revoked.contains(known.id())).orElse(null);
            answer.put("state", joined == null ? "unknown" : "joined");
            if (joined != null) {
                answer.put("id", joined.id());
                answer.put("until", joined.until().toString());
            } else if (!request.queryParamMap().containsKey("key")) {
                // A device that has a key proves it next; the server judges that itself.
                registrar.refused(browser(request), request.ip(), NOT_JOINED);
            }
        }
        JsonBody.answer(request, answer);
    }

    private void challenge(Context request) {
        DeviceMessages.Challenge challenge = registrar.challenge();
        JsonBody.answer(
                request,
                Map.of("nonce", challenge.nonce(), "fingerprint", challenge.fingerprint()));
    }

    private void join(Context request) {
        Join wanted = JsonBody.read(request, Join.class);
        DeviceMessages.Proven device =
                registrar.join(
                        JsonBody.required(wanted.secret(), "secret"),
                        JsonBody.required(wanted.name(), "name"),
                        JsonBody.required(wanted.publicKey(), "publicKey"),
                        request.ip());
        welcome(request, device);
    }

    private void takeProof(Context request) {
        Proving given = JsonBody.read(request, Proving.class);
        Proof proof =
                new Proof(
                        JsonBody.required(given.id(), "id"),
                        JsonBody.required(given.nonce(), "nonce"),
                        JsonBody.required(given.signature(), "signature"));
        welcome(request, registrar.prove(proof, request.ip()));
    }

    private void welcome(Context request, DeviceMessages.Proven device) {
        Instant until = clock.instant().plus(Enrolment.COOKIE_LIFE);
        if (!Site.isLocal(request)) {
            String text = device.id() + "." + until.getEpochSecond();
            Cookie cookie = new Cookie(COOKIE, text + "." + sign(text));
            cookie.setHttpOnly(true);
            cookie.setSecure(true);
            cookie.setSameSite(SameSite.STRICT);
            cookie.setPath("/");
            cookie.setMaxAge((int) Enrolment.COOKIE_LIFE.toSeconds());
            request.cookie(cookie);
        }
        JsonBody.answer(
                request,
                Map.of("id", device.id(), "name", device.name(), "until", until.toString()));
    }

    private Optional<Joined> joined(Context request) {
        String cookie = request.cookie(COOKIE);
        int end = cookie == null ? -1 : cookie.lastIndexOf('.');
        if (cookie == null || end < 0) {
            return Optional.empty();
        }
        String text = cookie.substring(0, end);
        boolean signed =
                MessageDigest.isEqual(
                        sign(text).getBytes(StandardCharsets.UTF_8),
                        cookie.substring(end + 1).getBytes(StandardCharsets.UTF_8));
        if (!signed) {
            return Optional.empty();
        }
        // What is signed was written by welcome().
        int dot = text.lastIndexOf('.');
        Instant until = Instant.ofEpochSecond(Long.parseLong(text.substring(dot + 1)));
        return clock.instant().isBefore(until)
                ? Optional.of(new Joined(text.substring(0, dot), until))
                : Optional.empty();
    }

    private String sign(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new PeekException(ErrorCode.INTERNAL, "cookies cannot be signed", e);
        }
    }

    /// What a browser says it is, in words if it is one of the usual ones.
    private static String browser(Context request) {
        String agent = request.userAgent();
        if (agent == null) {
            return "a device";
        }
        Optional<String> name = named(BROWSERS, agent);
        Optional<String> system = named(SYSTEMS, agent);
        return "a device (%s)"
                .formatted(
                        name.isPresent() && system.isPresent()
                                ? name.get() + " on " + system.get()
                                : agent);
    }

    private static Optional<String> named(List<Map.Entry<String, String>> marks, String agent) {
        return marks.stream()
                .filter(mark -> agent.contains(mark.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }
}

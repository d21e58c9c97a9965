package org.peekplatform.admin;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleType;

/// A token, told once, to who made it.
///
/// @param text one line, to be copied
/// @param link for the browser of a device, or `null` where the client site cannot be reached from
///   other machines, or the token is for a service
/// @param code the link as a QR code, a text for each line of squares with `#` for the dark ones;
///   empty without a link
/// @param warning a sentence on what has to be done before the token is of use, or `null`
@TupleType(name = "admin.TokenMade")
public record TokenMade(
        String text,
        @Nullable String link,
        List<String> code,
        Instant expiresAt,
        @Nullable String warning)
        implements Tuple {
    public TokenMade {
        code = List.copyOf(code);
    }
}

package org.peekplatform.admin;

import java.time.Instant;
import org.peekplatform.api.tuple.Tuple;
import org.peekplatform.api.tuple.TupleType;

/// Somebody who was not let in.
///
/// @param who what it said it was; nothing of it is proven
/// @param why a sentence
/// @param count how often
@TupleType(name = "admin.Refusal")
public record RefusalRow(
        String who, String address, String why, int count, Instant firstAt, Instant lastAt)
        implements Tuple {}

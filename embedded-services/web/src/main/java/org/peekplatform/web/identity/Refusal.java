package org.peekplatform.web.identity;

import java.time.Instant;

/// Somebody who was not let in, as often as it tried.
///
/// @param who what it said it was; nothing of it is proven
/// @param address where it came from
/// @param why a sentence
/// @param count how often
public record Refusal(
        String who, String address, String why, int count, Instant firstAt, Instant lastAt) {}

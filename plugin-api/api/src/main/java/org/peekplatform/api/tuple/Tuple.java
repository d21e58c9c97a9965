package org.peekplatform.api.tuple;

/// A value that travels between services and devices. Implemented by records annotated with
/// [TupleType].
///
/// Components may be: `boolean`, whole and floating numbers, `String`, enums, `Instant`,
/// `LocalDate`, `Duration`, `UUID`, `byte[]`, other records, `List` and `Map<String, …>` of these,
/// and any of them `@Nullable`. On the wire a tuple is a JSON object with one member for each
/// component; unknown members are ignored, missing ones become `null`, zero or `false`. The compact
/// constructor is the place to check values; what it refuses is refused to the sender. Identifiers
/// that may pass 2^53 are better strings, as browsers read numbers as doubles.
public interface Tuple {}

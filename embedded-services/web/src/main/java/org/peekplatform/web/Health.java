package org.peekplatform.web;

/// What `/health` says.
///
/// @param serving answered with status 200, else 503
/// @param json the body
public record Health(boolean serving, String json) {}

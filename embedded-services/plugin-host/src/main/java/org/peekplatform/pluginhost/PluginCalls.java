package org.peekplatform.pluginhost;

import java.time.Duration;

/// How often a plugin has been called by the host since it was loaded.
///
/// @param failures calls that threw or overran their deadline
/// @param busy time spent in all calls together
public record PluginCalls(long calls, long failures, Duration busy) {}

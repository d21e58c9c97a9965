/// Plugins from the zip to the running part: packages and their checks, the store, class loaders,
/// guarded calls and the life cycle.
@NullMarked
package org.peekplatform.pluginhost;

import org.jspecify.annotations.NullMarked;

/// What the plugin's parts on different services call of each other. Both sides see these
/// interfaces; each is implemented on one of them.
@NullMarked
package org.peekplatform.plugins.tutorial.calls;

import org.jspecify.annotations.NullMarked;

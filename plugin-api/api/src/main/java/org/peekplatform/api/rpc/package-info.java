/// Calls between the parts of a plugin on different services, over a Java interface of the plugin's
/// own.
@NullMarked
package org.peekplatform.api.rpc;

import org.jspecify.annotations.NullMarked;

/// Requests that change something, sent by a device or an administrator and handled by a plugin.
@NullMarked
package org.peekplatform.api.action;

import org.jspecify.annotations.NullMarked;

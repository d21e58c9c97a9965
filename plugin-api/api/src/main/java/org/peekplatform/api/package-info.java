/// What every plugin sees: its entry hook, its context, identity and errors.
@NullMarked
package org.peekplatform.api;

import org.jspecify.annotations.NullMarked;

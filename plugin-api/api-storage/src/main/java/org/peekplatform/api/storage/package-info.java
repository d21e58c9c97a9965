/// Database access for plugins.
@NullMarked
package org.peekplatform.api.storage;

import org.jspecify.annotations.NullMarked;

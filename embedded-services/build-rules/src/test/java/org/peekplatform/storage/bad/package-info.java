@NullMarked
package org.peekplatform.storage.bad;

import org.jspecify.annotations.NullMarked;

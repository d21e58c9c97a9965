@NullMarked
package org.peekplatform.launcher;

import org.jspecify.annotations.NullMarked;

@NullMarked
package org.peekplatform.shell.app;

import org.jspecify.annotations.NullMarked;

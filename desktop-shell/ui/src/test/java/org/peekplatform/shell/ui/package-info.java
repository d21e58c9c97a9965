@NullMarked
package org.peekplatform.shell.ui;

import org.jspecify.annotations.NullMarked;

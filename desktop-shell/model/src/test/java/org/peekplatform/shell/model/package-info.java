@NullMarked
package org.peekplatform.shell.model;

import org.jspecify.annotations.NullMarked;

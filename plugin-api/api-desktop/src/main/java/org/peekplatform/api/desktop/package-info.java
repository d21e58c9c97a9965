/// Views and other contributions of plugins to the JavaFX workstation.
@NullMarked
package org.peekplatform.api.desktop;

import org.jspecify.annotations.NullMarked;

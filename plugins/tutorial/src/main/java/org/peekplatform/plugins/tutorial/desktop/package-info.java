/// The JavaFX view for users: the rows, live.
@NullMarked
package org.peekplatform.plugins.tutorial.desktop;

import org.jspecify.annotations.NullMarked;

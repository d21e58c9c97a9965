/// What the workstation shows, without a control in sight. Confined to the JavaFX thread, and free
/// of the toolkit: tests use it as plain objects. Start reading at
/// [org.peekplatform.shell.model.ShellModel].
@NullMarked
package org.peekplatform.shell.model;

import org.jspecify.annotations.NullMarked;

/// Where the workstation is put together: the window, and the services in the same process or the
/// ones that run on its home already.
@NullMarked
package org.peekplatform.shell.app;

import org.jspecify.annotations.NullMarked;

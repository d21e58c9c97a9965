/// Home folder, configuration, logging, run files and the command line of a Peek process.
@NullMarked
package org.peekplatform.launcher;

import org.jspecify.annotations.NullMarked;

/// Reading CSV files: used by the server, which tells the columns of a file, and by workers, which
/// import it.
@NullMarked
package org.peekplatform.plugins.tutorial.csv;

import org.jspecify.annotations.NullMarked;

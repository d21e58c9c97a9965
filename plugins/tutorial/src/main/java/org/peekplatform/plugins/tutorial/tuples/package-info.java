/// What travels between the parts of the plugin: rows, settings, imports and the actions on them.
@NullMarked
package org.peekplatform.plugins.tutorial.tuples;

import org.jspecify.annotations.NullMarked;

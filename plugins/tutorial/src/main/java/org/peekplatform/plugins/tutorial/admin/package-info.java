/// The JavaFX view for administrators: editing rows and settings, importing files.
@NullMarked
package org.peekplatform.plugins.tutorial.admin;

import org.jspecify.annotations.NullMarked;

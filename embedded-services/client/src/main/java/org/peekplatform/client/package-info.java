/// The client service: serves the PWA and all live data to devices, and spares the server all but
/// one subscription for each selector.
@NullMarked
package org.peekplatform.client;

import org.jspecify.annotations.NullMarked;

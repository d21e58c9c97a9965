package org.peekplatform.shell.model;

import org.peekplatform.api.ServiceKind;

/// Names one view in the whole workstation.
///
/// @param part [ServiceKind#DESKTOP] for a view for users, [ServiceKind#ADMIN] for a room of the
///   administration
/// @param viewId unique within that part of the plugin
public record ViewRef(ServiceKind part, String pluginName, String viewId) {
    public ViewRef {
        if (part != ServiceKind.DESKTOP && part != ServiceKind.ADMIN) {
            throw new IllegalArgumentException(
                    "view '"
                            + viewId
                            + "' of plugin '"
                            + pluginName
                            + "' is of part "
                            + part.id()
                            + "; only desktop and admin have views in the workstation");
        }
    }
}

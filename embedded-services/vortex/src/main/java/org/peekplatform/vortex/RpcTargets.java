package org.peekplatform.vortex;

import java.util.Locale;
import org.peekplatform.api.Caller;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.ServiceKind;
import org.peekplatform.api.rpc.RpcTarget;

/// The text forms of targets.
final class RpcTargets {
    private static final String ID = "id:";

    private RpcTargets() {}

    static String format(RpcTarget target) {
        return switch (target) {
            case RpcTarget.Any(ServiceKind kind) -> kind.id();
            case RpcTarget.Named(ServiceKind kind, String name) -> kind.id() + ":" + name;
            case RpcTarget.ById(String id) -> ID + id;
        };
    }

    static RpcTarget parse(String text) {
        if (text.startsWith(ID)) {
            return RpcTarget.id(text.substring(ID.length()));
        }
        int colon = text.indexOf(':');
        ServiceKind kind = kind(colon < 0 ? text : text.substring(0, colon), text);
        return colon < 0 ? RpcTarget.any(kind) : RpcTarget.named(kind, text.substring(colon + 1));
    }

    /// Whether `target` means this service, whichever others of its kind there are.
    static boolean includes(RpcTarget target, Caller.Service service) {
        return switch (target) {
            case RpcTarget.Any(ServiceKind kind) -> kind == service.kind();
            case RpcTarget.Named(ServiceKind kind, String name) ->
                    kind == service.kind() && name.equals(service.name());
            case RpcTarget.ById(String id) -> id.equals(Callers.format(service));
        };
    }

    /// In words, to follow "no".
    static String words(RpcTarget target) {
        return switch (target) {
            case RpcTarget.Any(ServiceKind kind) -> kind.id();
            case RpcTarget.Named(ServiceKind kind, String name) ->
                    kind.id() + " called '" + name + "'";
            case RpcTarget.ById(String id) -> "service with the id '" + id + "'";
        };
    }

    private static ServiceKind kind(String id, String text) {
        for (ServiceKind kind : ServiceKind.values()) {
            if (kind.id().equals(id.toLowerCase(Locale.ROOT))) {
                return kind;
            }
        }
        throw new PeekException(
                ErrorCode.BAD_REQUEST,
                "'"
                        + text
                        + "' names no service that could be called; a target is agent, agent:NAME or id:ID");
    }
}

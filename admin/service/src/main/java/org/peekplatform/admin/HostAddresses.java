package org.peekplatform.admin;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// How other machines may reach this one.
final class HostAddresses {
    private static final int MOST = 6;

    private HostAddresses() {}

    /// Its addresses, those of version 4 first, and its name; as they stand in a URL.
    static List<String> list() {
        Set<String> found = new LinkedHashSet<>();
        List<String> sixes = new ArrayList<>();
        try {
            for (NetworkInterface one : NetworkInterface.networkInterfaces().toList()) {
                if (!one.isUp() || one.isLoopback()) {
                    continue;
                }
                for (InetAddress address : one.inetAddresses().toList()) {
                    if (address.isLinkLocalAddress()) {
                        continue;
                    }
                    if (address instanceof Inet6Address) {
                        sixes.add("[" + address.getHostAddress().replaceAll("%.*", "") + "]");
                    } else {
                        found.add(address.getHostAddress());
                    }
                }
            }
            found.addAll(sixes);
            String name = InetAddress.getLocalHost().getHostName();
            if (name.matches("[A-Za-z0-9.-]+") && !name.equals("localhost")) {
                found.add(name);
            }
        } catch (SocketException | UnknownHostException e) {
            // What was found until then has to do.
            return List.copyOf(found);
        }
        return found.stream().limit(MOST).toList();
    }
}

package org.peekplatform.plugins.tutorial.agent;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.peekplatform.plugins.tutorial.calls.DiskSpace;
import org.peekplatform.plugins.tutorial.calls.Gauge;

/// Reads the disk that a folder is on.
final class DiskGauge implements Gauge {
    private static final long MEGABYTE = 1_000_000;

    private final Path folder;

    DiskGauge(Path folder) {
        this.folder = folder;
    }

    @Override
    public DiskSpace read() throws IOException {
        return new DiskSpace(machine(), Files.getFileStore(folder).getUsableSpace() / MEGABYTE);
    }

    private static String machine() {
        String name;
        try {
            name = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "an unnamed machine";
        }
        return name.substring(0, Math.min(name.length(), DiskSpace.LONGEST_MACHINE));
    }
}

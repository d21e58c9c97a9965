package org.peekplatform.vortex;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.action.ActionTuple;
import org.peekplatform.api.tuple.TupleType;

/// What a client service tells the server of its devices. All devices are told in one or more
/// reports, the first of which is marked and the last; in between reports say what has changed.
///
/// @param first what was told before counts no more once the last report of this row has come
/// @param last who has not been named since the first report has gone
/// @param online who is connected
/// @param gone ids of those who are not any more
@TupleType(name = "peek.DeviceReport")
public record DeviceReport(boolean first, boolean last, List<Device> online, List<String> gone)
        implements ActionTuple {
    /// The most devices in one report.
    static final int MAX_DEVICES = 500;

    private static final int MAX_NAME = 100;

    public DeviceReport {
        online = List.copyOf(online);
        gone = List.copyOf(gone);
        if (online.size() + gone.size() > MAX_DEVICES) {
            throw new IllegalArgumentException(
                    "a report names more than " + MAX_DEVICES + " devices");
        }
    }

    /// A connected device.
    ///
    /// @param id as in [org.peekplatform.api.PartyStatus#id]
    /// @param name what it says of itself; cut to what is shown
    public record Device(
            String id, String name, Instant since, Link.Transport link, @Nullable String version) {
        public Device {
            name = name.length() > MAX_NAME ? name.substring(0, MAX_NAME) : name;
        }
    }
}

package org.peekplatform.benchmarks.storage;

import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/// A row of the table that is measured.
record Reading(long id, String site, double amount, OffsetDateTime readAt) {
    static final String TABLE =
            """
            CREATE TABLE reading (
                id BIGINT PRIMARY KEY,
                site VARCHAR(100) NOT NULL,
                amount DOUBLE PRECISION NOT NULL,
                read_at TIMESTAMP WITH TIME ZONE NOT NULL
            );
            CREATE INDEX reading_site ON reading (site);
            """;

    static final int ROWS_OF_A_SITE = 20;
    private static final OffsetDateTime FIRST =
            OffsetDateTime.of(2026, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);

    static Reading of(long id) {
        return new Reading(id, site(id / ROWS_OF_A_SITE), id % 1000 * 0.25, FIRST.plusSeconds(id));
    }

    static String site(long number) {
        return "feeder station number " + number;
    }

    /// Whether it has the lowest id of a site.
    boolean isFirstOf(long number) {
        return id == number * ROWS_OF_A_SITE && site.equals(site(number));
    }

    /// How many sites are complete among `rows` rows.
    static int sites(long rows) {
        return Math.toIntExact(rows / ROWS_OF_A_SITE);
    }
}

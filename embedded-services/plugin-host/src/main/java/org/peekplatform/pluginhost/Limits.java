package org.peekplatform.pluginhost;

/// How large a package may be. Tests use smaller ones.
///
/// @param packed bytes of the zip
/// @param unpacked bytes of all entries together, as counted while reading
/// @param entries how many entries
/// @param ratio how many times larger than its packed form an entry may be
/// @param ratioFrom entries up to this size may have any ratio
/// @param manifest bytes of the manifest
/// @param pathLength characters of the longest path
record Limits(
        long packed,
        long unpacked,
        int entries,
        int ratio,
        long ratioFrom,
        int manifest,
        int pathLength) {
    private static final long MB = 1024L * 1024;

    static final Limits STANDARD = new Limits(200 * MB, 500 * MB, 10_000, 100, MB, (int) MB, 200);

    /// A size for people, such as `200 MB` or `12 bytes`.
    static String size(long bytes) {
        return bytes >= MB && bytes % MB == 0 ? bytes / MB + " MB" : bytes + " bytes";
    }
}

package org.peekplatform.storage;

import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// How a value of a column is written so that every engine writes the same value alike: as a JSON
/// boolean, integer, string, or list of strings for an array.
enum ColumnForm {
    BOOLEAN,
    INTEGER,
    DECIMAL,
    REAL,
    DOUBLE,
    DATE,
    TIME,
    TIMESTAMP,
    INSTANT,
    BYTES,
    UUID,
    JSON,
    ARRAY,
    TEXT;

    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .build();

    /// The form of column `index` of a result.
    static ColumnForm of(ResultSetMetaData columns, int index) throws SQLException {
        String name = columns.getColumnTypeName(index).toLowerCase(Locale.ROOT);
        return switch (name) {
            case "uuid" -> UUID;
            case "json", "jsonb" -> JSON;
            case "timestamptz", "timestamp with time zone" -> INSTANT;
            case "timetz", "time with time zone" -> TEXT;
            default -> of(columns.getColumnType(index));
        };
    }

    private static ColumnForm of(int type) {
        return switch (type) {
            case Types.BOOLEAN, Types.BIT -> BOOLEAN;
            case Types.TINYINT, Types.SMALLINT, Types.INTEGER, Types.BIGINT -> INTEGER;
            case Types.NUMERIC, Types.DECIMAL -> DECIMAL;
            case Types.REAL -> REAL;
            case Types.FLOAT, Types.DOUBLE -> DOUBLE;
            case Types.DATE -> DATE;
            case Types.TIME -> TIME;
            case Types.TIMESTAMP -> TIMESTAMP;
            case Types.TIMESTAMP_WITH_TIMEZONE -> INSTANT;
            case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB -> BYTES;
            case Types.ARRAY -> ARRAY;
            default -> TEXT;
        };
    }

    /// The value of a column, ready for JSON.
    @Nullable Object read(ResultSet row, int index) throws SQLException {
        Object value =
                switch (this) {
                    case BOOLEAN -> row.getBoolean(index);
                    case INTEGER -> row.getLong(index);
                    case DECIMAL -> text(row.getBigDecimal(index));
                    case REAL -> Float.toString(row.getFloat(index));
                    case DOUBLE -> Double.toString(row.getDouble(index));
                    case DATE -> text(row.getObject(index, LocalDate.class));
                    case TIME -> text(row.getObject(index, LocalTime.class));
                    case TIMESTAMP -> text(row.getObject(index, LocalDateTime.class));
                    case INSTANT -> text(row.getObject(index, OffsetDateTime.class));
                    case BYTES -> base64(row.getBytes(index));
                    case ARRAY -> list(row.getArray(index));
                    case UUID, JSON, TEXT -> row.getString(index);
                };
        return row.wasNull() ? null : value;
    }

    private static @Nullable String text(@Nullable Object value) {
        return value instanceof BigDecimal number
                ? number.toPlainString()
                : value == null ? null : value.toString();
    }

    private static @Nullable String base64(byte @Nullable [] value) {
        return value == null ? null : Base64.getEncoder().encodeToString(value);
    }

    /// What [#read] has given, without that in which engines differ: the offset of a moment, and
    /// the spaces and the order of keys of a document.
    Object canonical(Object value) {
        return switch (this) {
            case INSTANT -> OffsetDateTime.parse(value.toString()).toInstant().toString();
            case JSON ->
                    MAPPER.writeValueAsString(MAPPER.readValue(value.toString(), Object.class));
            default -> value;
        };
    }

    boolean isCanonical() {
        return this != INSTANT && this != JSON;
    }

    private static @Nullable List<@Nullable String> list(@Nullable Array value)
            throws SQLException {
        if (value == null) {
            return null;
        }
        List<@Nullable String> elements = new ArrayList<>();
        for (Object element : (Object[]) value.getArray()) {
            elements.add(text(element));
        }
        return elements;
    }

    /// Sets a parameter to what [#read] has given. `null` is set by the caller.
    void write(PreparedStatement to, int index, Object value, String elementType)
            throws SQLException {
        switch (this) {
            case BOOLEAN -> to.setBoolean(index, (Boolean) value);
            case INTEGER -> to.setLong(index, ((Number) value).longValue());
            case DECIMAL -> to.setBigDecimal(index, new BigDecimal(value.toString()));
            case REAL -> to.setFloat(index, Float.parseFloat(value.toString()));
            case DOUBLE -> to.setDouble(index, Double.parseDouble(value.toString()));
            case DATE -> to.setObject(index, LocalDate.parse(value.toString()));
            case TIME -> to.setObject(index, LocalTime.parse(value.toString()));
            case TIMESTAMP -> to.setObject(index, LocalDateTime.parse(value.toString()));
            case INSTANT -> to.setObject(index, OffsetDateTime.parse(value.toString()));
            case BYTES -> to.setBytes(index, Base64.getDecoder().decode(value.toString()));
            case UUID -> to.setObject(index, java.util.UUID.fromString(value.toString()));
            case ARRAY ->
                    to.setArray(index, array(to.getConnection(), (List<?>) value, elementType));
            case JSON, TEXT -> to.setString(index, value.toString());
        }
    }

    private static Array array(Connection connection, List<?> elements, String elementType)
            throws SQLException {
        return connection.createArrayOf(elementType, elements.toArray());
    }
}

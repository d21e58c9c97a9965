package org.peekplatform.api.storage;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.OrderField;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.table.FieldText;
import org.peekplatform.api.table.TableQuery;
import org.peekplatform.api.table.TableQuery.Direction;
import org.peekplatform.api.table.TableQuery.Filter;
import org.peekplatform.api.table.TableQuery.Sort;
import org.peekplatform.api.tuple.Tuple;

/// Filters, order and page of a query in SQL. Names are looked up among the fields declared, values
/// are bound: nothing that a query says becomes text of a statement.
record QuerySql(String table, Map<String, TableField> fields, TableField key) {
    Condition filters(List<Filter> filters) {
        Condition all = DSL.noCondition();
        for (Filter filter : filters) {
            all = all.and(condition(filter));
        }
        return all;
    }

    private Condition condition(Filter filter) {
        TableField field = field(filter.field());
        Field<Object> column = field.column();
        return switch (filter.operator()) {
            case EQUAL -> column.eq(value(field, filter, 0));
            case NOT_EQUAL -> column.ne(value(field, filter, 0)).or(column.isNull());
            case CONTAINS -> text(field).containsIgnoreCase(filter.values().getFirst());
            case STARTS_WITH -> text(field).startsWithIgnoreCase(filter.values().getFirst());
            case LESS -> column.lt(value(field, filter, 0));
            case AT_MOST -> column.le(value(field, filter, 0));
            case GREATER -> column.gt(value(field, filter, 0));
            case AT_LEAST -> column.ge(value(field, filter, 0));
            case BETWEEN -> column.between(value(field, filter, 0), value(field, filter, 1));
            case IN -> {
                List<Object> values = new ArrayList<>();
                for (int i = 0; i < filter.values().size(); i++) {
                    values.add(value(field, filter, i));
                }
                yield column.in(values);
            }
            case IS_NULL -> column.isNull();
        };
    }

    private Field<Object> text(TableField field) {
        if (field.type() != String.class) {
            throw new PeekException(
                    ErrorCode.BAD_REQUEST,
                    "'"
                            + field.name()
                            + "' of "
                            + table
                            + " is no text; CONTAINS and STARTS_WITH are for texts only");
        }
        return field.column();
    }

    private Object value(TableField field, Filter filter, int index) {
        String text = filter.values().get(index);
        try {
            // Not null, as what is converted is not.
            return requireNonNull(field.toColumn(FieldText.parse(field.type(), text)));
        } catch (IllegalArgumentException e) {
            throw new PeekException(
                    ErrorCode.BAD_REQUEST,
                    "the filter of '" + field.name() + "' has a wrong value: " + e.getMessage(),
                    e);
        }
    }

    /// What to sort by, with the key last, which makes the order complete.
    List<TableField> order(List<Sort> sorts) {
        List<TableField> order = new ArrayList<>();
        for (Sort sort : sorts) {
            TableField field = field(sort.field());
            if (order.contains(field)) {
                throw new PeekException(
                        ErrorCode.BAD_REQUEST,
                        "a query of " + table + " sorts twice by '" + field.name() + "'");
            }
            order.add(field);
        }
        if (!order.contains(key)) {
            order.add(key);
        }
        return order;
    }

    List<OrderField<Object>> orderBy(List<Sort> sorts, List<TableField> order) {
        List<OrderField<Object>> by = new ArrayList<>();
        for (int i = 0; i < order.size(); i++) {
            Field<Object> column = order.get(i).column();
            by.add(isDescending(sorts, i) ? column.desc().nullsLast() : column.asc().nullsLast());
        }
        return by;
    }

    /// The rows that come later than `query.after()` in the order of the query.
    <T extends Tuple> Condition behind(TableQuery<T> query) {
        T row = requireNonNull(query.after());
        Condition behind = DSL.falseCondition();
        Condition equal = DSL.trueCondition();
        List<TableField> order = order(query.sort());
        for (int i = 0; i < order.size(); i++) {
            TableField field = order.get(i);
            Field<Object> column = field.column();
            Object value = boundary(field, row);
            if (value != null) {
                Condition later =
                        isDescending(query.sort(), i) ? column.lt(value) : column.gt(value);
                behind = behind.or(equal.and(later.or(column.isNull())));
            }
            equal = equal.and(value == null ? column.isNull() : column.eq(value));
        }
        return behind;
    }

    private @Nullable Object boundary(TableField field, Tuple row) {
        try {
            return field.toColumn(field.valueIn(row));
        } catch (IllegalArgumentException e) {
            throw new PeekException(
                    ErrorCode.BAD_REQUEST,
                    "a page of "
                            + table
                            + " cannot begin after a row with this '"
                            + field.name()
                            + "'",
                    e);
        }
    }

    private static boolean isDescending(List<Sort> sorts, int index) {
        return index < sorts.size() && sorts.get(index).direction() == Direction.DESCENDING;
    }

    private TableField field(String name) {
        TableField field = fields.get(name);
        if (field == null) {
            throw new PeekException(
                    ErrorCode.BAD_REQUEST,
                    table
                            + " has no field '"
                            + name
                            + "'; there are "
                            + String.join(", ", fields.keySet()));
        }
        return field;
    }
}

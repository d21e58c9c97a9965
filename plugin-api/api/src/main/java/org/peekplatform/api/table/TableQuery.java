package org.peekplatform.api.table;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.peekplatform.api.ErrorCode;
import org.peekplatform.api.PeekException;
import org.peekplatform.api.tuple.Tuple;

/// Asks for one page of the rows of a table. Rows come in the order of `sort`, and rows that are
/// equal in it in the order of their key, so that every row is on exactly one page while nobody
/// changes the table. Rows without a value come last, whichever the direction.
///
/// There are two ways to the next page: by `offset`, which lets people jump and may show a row
/// twice or not at all when others add and delete rows meanwhile, and by `after`, which does
/// neither and costs the same on every page.
///
/// @param filters all of them must hold; at most [#MOST_FILTERS]
/// @param sort the first one counts most; at most [#MOST_SORTS]
/// @param limit how many rows at most; from 1 to [#MOST_ROWS]
/// @param offset how many rows to leave out, from 0
/// @param after the last row of the page before, as it was read; `null` to begin at the first row
/// @param count whether to count all rows that the filters let through, which takes the database
///   longer than the page itself when there are many
public record TableQuery<T extends Tuple>(
        List<Filter> filters,
        List<Sort> sort,
        int limit,
        long offset,
        @Nullable T after,
        boolean count) {
    public static final int MOST_ROWS = 1_000;
    public static final int MOST_FILTERS = 20;
    public static final int MOST_SORTS = 8;

    /// How many values an `IN` may have.
    public static final int MOST_VALUES = 1_000;

    /// @throws PeekException with `BAD_REQUEST` when a limit is not kept
    public TableQuery {
        filters = List.copyOf(requireNonNull(filters, "filters"));
        sort = List.copyOf(requireNonNull(sort, "sort"));
        require(
                limit >= 1 && limit <= MOST_ROWS,
                "a page has from 1 to " + MOST_ROWS + " rows, not " + limit);
        require(offset >= 0, "the offset of a page is 0 or more, not " + offset);
        require(
                after == null || offset == 0,
                "a page begins either at an offset or after a row; leave one of them out");
        require(
                filters.size() <= MOST_FILTERS,
                "a query has at most " + MOST_FILTERS + " filters, not " + filters.size());
        require(
                sort.size() <= MOST_SORTS,
                "a query sorts by at most " + MOST_SORTS + " fields, not " + sort.size());
    }

    /// The first `limit` rows in the order of their key.
    public static <T extends Tuple> TableQuery<T> of(int limit) {
        return new TableQuery<>(List.of(), List.of(), limit, 0, null, false);
    }

    /// The same with one more filter.
    public TableQuery<T> where(String field, Operator operator, String... values) {
        List<Filter> more = new ArrayList<>(filters);
        more.add(new Filter(field, operator, List.of(values)));
        return new TableQuery<>(more, sort, limit, offset, after, count);
    }

    /// The same, sorted also by `field` where rows are equal so far.
    public TableQuery<T> sortedBy(String field, Direction direction) {
        List<Sort> more = new ArrayList<>(sort);
        more.add(new Sort(field, direction));
        return new TableQuery<>(filters, more, limit, offset, after, count);
    }

    /// The page that begins `rows` rows after the first.
    public TableQuery<T> from(long rows) {
        return new TableQuery<>(filters, sort, limit, rows, null, count);
    }

    /// The page that begins behind `row`.
    public TableQuery<T> after(T row) {
        return new TableQuery<>(filters, sort, limit, 0, row, count);
    }

    /// The same, and counts all rows.
    public TableQuery<T> counted() {
        return new TableQuery<>(filters, sort, limit, offset, after, true);
    }

    /// What a field must be like.
    ///
    /// @param field name of a component of the row
    /// @param values in the form of [FieldText]; as many as the operator takes
    public record Filter(String field, Operator operator, List<String> values) {
        /// @throws PeekException with `BAD_REQUEST` when the number of values is wrong
        public Filter {
            requireNonNull(field, "field");
            requireNonNull(operator, "operator");
            values = List.copyOf(requireNonNull(values, "values"));
            require(
                    operator.takes(values.size()),
                    "the filter of '"
                            + field
                            + "' has "
                            + values.size()
                            + " values, but "
                            + operator
                            + " takes "
                            + operator.arity());
        }
    }

    public record Sort(String field, Direction direction) {
        public Sort {
            requireNonNull(field, "field");
            requireNonNull(direction, "direction");
        }
    }

    public enum Direction {
        ASCENDING,
        DESCENDING
    }

    /// How a field is compared with the values of a filter.
    public enum Operator {
        EQUAL(1, 1),
        /// Also lets rows through that have no value.
        NOT_EQUAL(1, 1),
        /// Texts only, in any case; every character stands for itself.
        CONTAINS(1, 1),
        /// Texts only, in any case; every character stands for itself.
        STARTS_WITH(1, 1),
        LESS(1, 1),
        AT_MOST(1, 1),
        GREATER(1, 1),
        AT_LEAST(1, 1),
        /// From the first value to the second, both included.
        BETWEEN(2, 2),
        IN(1, MOST_VALUES),
        IS_NULL(0, 0);

        private final int least;
        private final int most;

        Operator(int least, int most) {
            this.least = least;
            this.most = most;
        }

        private boolean takes(int values) {
            return values >= least && values <= most;
        }

        private String arity() {
            return least == most ? Integer.toString(least) : least + " to " + most;
        }
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new PeekException(ErrorCode.BAD_REQUEST, message);
        }
    }
}

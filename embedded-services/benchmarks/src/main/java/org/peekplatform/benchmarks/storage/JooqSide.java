package org.peekplatform.benchmarks.storage;

import java.util.List;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;

/// jOOQ on JDBC with a pool.
final class JooqSide extends JdbcSide {
    private final DSLContext dsl;

    JooqSide(DataSource pool, AutoCloseable owner, SQLDialect dialect) {
        super(pool, owner);
        dsl = DSL.using(pool, dialect);
    }

    @Override
    public void insert(Reading row) {
        JooqTable.insert(dsl, row);
    }

    @Override
    public void batch(List<Reading> rows) {
        dsl.transaction(inner -> JooqTable.batch(inner.dsl(), rows));
    }

    @Override
    public List<Reading> query(String site) {
        return JooqTable.query(dsl, site);
    }
}

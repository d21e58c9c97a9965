package org.peekplatform.benchmarks.workers;

/// Something that does tasks, each of which answers with what it was given.
interface Contestant extends AutoCloseable {
    String name();

    /// Submits a task and waits for its result.
    ///
    /// @return the result
    String one(String payload) throws Exception;

    /// Submits tasks from several threads and waits for all results.
    ///
    /// @return how many results were as expected
    int many(int count) throws Exception;

    @Override
    void close() throws Exception;
}

package org.peekplatform.vortex;

/// The store of the tests keeps what the one on disk keeps.
class InMemoryQueueStoreTest extends QueueStoreContract {
    private final InMemoryQueueStore.Disk disk = new InMemoryQueueStore.Disk();

    @Override
    QueueStore open() {
        return new InMemoryQueueStore(disk);
    }
}

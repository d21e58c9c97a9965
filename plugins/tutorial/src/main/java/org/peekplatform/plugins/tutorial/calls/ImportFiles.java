package org.peekplatform.plugins.tutorial.calls;

import org.peekplatform.api.rpc.RpcInterface;

/// Implemented on the server, called by the worker that imports a file: it may run on another
/// machine, where the file is not.
///
/// Both methods fail with a code of kind `CALLER` when the import is not running any more.
@RpcInterface(name = "tutorial.ImportFiles")
public interface ImportFiles {
    int LARGEST_PIECE = 256 << 10;

    /// A piece of the file.
    ///
    /// @param offset of its first byte
    FilePiece read(String importId, long offset) throws Exception;

    /// Asks whether the rows may be committed. From then on the import can no longer be cancelled,
    /// unless this attempt fails all the same.
    ///
    /// @param attempt 1 for the first
    void beginCommit(String importId, int attempt) throws Exception;
}

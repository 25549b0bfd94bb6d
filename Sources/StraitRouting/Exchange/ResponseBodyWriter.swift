public import StraitNetwork

/// The server's destination for the pieces of a streamed response.
package protocol ResponseBodySink: Sendable {
    /// Queues `bytes`, and returns when the connection accepts more.
    ///
    /// - Throws: The connection's error if the client has disconnected.
    nonisolated(nonsending) func write(_ bytes: Bytes) async throws
}

/// A writer for the body of a streamed response. It waits while the client reads slowly.
public struct ResponseBodyWriter: Sendable {
    private let sink: any ResponseBodySink

    package init(_ sink: any ResponseBodySink) {
        self.sink = sink
    }

    /// Sends `bytes`, and returns when the connection accepts more.
    ///
    /// - Throws: The connection's error if the client has disconnected. The handler should then return.
    public func write(_ bytes: Bytes) async throws {
        try await sink.write(bytes)
    }

    /// Sends `text` as UTF-8, and returns when the connection accepts more.
    public func write(_ text: String) async throws {
        try await sink.write(Bytes(text))
    }
}

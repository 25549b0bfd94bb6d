public import StraitNetwork

/// Where the server takes the pieces of a streamed response.
package protocol ResponseBodySink: Sendable {
    /// Queues `bytes`; returns when the connection can take more.
    ///
    /// - Throws: The connection's error where the client went away.
    nonisolated(nonsending) func write(_ bytes: Bytes) async throws
}

/// Writes a streamed response's body, a piece at a time, no faster than the client reads.
public struct ResponseBodyWriter: Sendable {
    private let sink: any ResponseBodySink

    package init(_ sink: any ResponseBodySink) {
        self.sink = sink
    }

    /// Sends `bytes`; returns when more can be sent.
    ///
    /// - Throws: The connection's error where the client went away; the handler should end then.
    public func write(_ bytes: Bytes) async throws {
        try await sink.write(bytes)
    }

    /// Sends `text` as UTF-8; returns when more can be sent.
    public func write(_ text: String) async throws {
        try await sink.write(Bytes(text))
    }
}

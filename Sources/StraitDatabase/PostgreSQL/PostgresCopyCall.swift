import StraitCore

/// A `COPY … FROM STDIN` on its way through a ``PostgresConnection``. One task sends parts and waits for each.
///
/// SAFETY: `@unchecked Sendable` is sound because its variables are used only on the connection's loop, and `rows` by
/// the task after the end.
final class PostgresCopyCall: @unchecked Sendable {
    let text: String
    /// Whether the next result of libpq belongs to the copy: before the rows and after them.
    var awaitsResult = true
    /// Whether the last result has arrived.
    private(set) var hasEnded = false
    /// The number of copied rows.
    private(set) var rows = 0
    private var failure: DatabaseError?
    /// Whether the connection has ended.
    private var isLost = false
    private var waiting: CheckedContinuation<Void, any Error>?

    init(_ text: String) {
        self.text = text
    }

    func take(_ result: borrowing PostgresResult) {
        switch result.status {
        case .copyIn:
            awaitsResult = false
            resume()
        case .command:
            rows = result.changedRows
            hasEnded = true
        case .failure(let server):
            failure = server.error
            hasEnded = true
        default:
            failure = DatabaseError(.other, "PostgreSQL answered COPY with an unexpected result.")
            hasEnded = true
        }
    }

    /// Resumes the task after a part was written.
    func flushed() {
        if !awaitsResult { resume() }
    }

    /// Resumes the task after the last result.
    func end() { resume() }

    func fail(_ error: DatabaseError) {
        isLost = true
        failure = failure ?? error
        resume()
    }

    private func resume() {
        guard let waiting else { return }
        self.waiting = nil
        if let failure { waiting.resume(throwing: failure) } else { waiting.resume() }
    }

    /// Calls `start` on the loop, and waits until its step has ended.
    nonisolated(nonsending) func wait(on loop: EventLoop, _ start: @escaping @Sendable () -> Void) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            let isAccepted = loop.executeUnlessEnded { [self] in
                waiting = continuation
                if isLost { return resume() }
                start()
            }
            if !isAccepted { continuation.resume(throwing: DatabaseError(.connection, "The database was closed.")) }
        }
    }
}

/// The rows of a `COPY` in PostgreSQL's text format.
enum PostgresCopyText {
    /// The size at which a part is sent.
    static let partSize = 64 << 10

    /// Appends a row.
    ///
    /// - Throws: ``DatabaseError/Code/value`` for text that PostgreSQL cannot store.
    static func append(_ row: [DatabaseValue], to bytes: inout [UInt8]) throws(DatabaseError) {
        for (index, value) in row.enumerated() {
            if index > 0 { bytes.append(0x09) }
            try PostgresParameters.checkSize(of: value)
            switch value {
            case .null: bytes += [0x5C, 0x4E]
            case .integer(let number): bytes += String(number).utf8
            case .double(let number): bytes += PostgresParameters.text(number).utf8
            case .text(let text):
                for byte in text.utf8 {
                    switch byte {
                    case 0:
                        throw .value(
                            "The text of column \(index + 1) contains the character U+0000, which PostgreSQL cannot "
                                + "store. Remove it, or store bytes.")
                    case 0x09: bytes += [0x5C, 0x74]
                    case 0x0A: bytes += [0x5C, 0x6E]
                    case 0x0D: bytes += [0x5C, 0x72]
                    case 0x5C: bytes += [0x5C, 0x5C]
                    default: bytes.append(byte)
                    }
                }
            case .bytes(let value):
                bytes += #"\\x"#.utf8
                for place in value.span.indices {
                    bytes.append((value.span[place] &>> 4).upperHexadecimalDigit)
                    bytes.append((value.span[place] & 15).upperHexadecimalDigit)
                }
            }
        }
        bytes.append(0x0A)
    }
}

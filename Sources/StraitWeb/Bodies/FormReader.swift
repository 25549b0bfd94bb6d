internal import StraitNetwork
internal import StraitRouting
internal import Synchronization

/// Reads a request's form once, for middleware and handler: what the one read, the other has.
final class FormReader: Sendable {
    // Sound: only who has the turn touches it, and the mutex of the turns orders them.
    private nonisolated(unsafe) let progress: FormProgress
    private let isTaken = Mutex(false)

    init(_ body: RequestBody, contentType: String?) {
        unsafe progress = FormProgress(body, contentType: contentType)
    }

    /// The whole form.
    func form(_ limits: FormLimits) async throws -> FormData {
        try await turn { try await $0.form(limits) }
    }

    /// The value of the first field `name` of those that come before any file; no byte of a file is taken.
    func field(_ name: String, _ limits: FormLimits) async throws -> String? {
        try await turn { try await $0.field(name, limits) }
    }

    /// A urlencoded body as it came, where it was read.
    func bytes() async throws -> Bytes? {
        try await turn { $0.bytes }
    }

    /// The next part: first what was gathered already, then what arrives.
    func nextPart(_ limits: FormLimits) async throws -> FormPart? {
        try await turn { try await $0.nextPart(limits, self) }
    }

    /// The next bytes of the file that was handed out with that number.
    func nextBytes(of number: Int, _ name: String) async throws -> Bytes? {
        try await turn { try await $0.nextBytes(of: number, name) }
    }

    /// Runs `work` while nobody else does.
    private func turn<Result>(_ work: (FormProgress) async throws -> Result) async throws -> Result {
        let isMine = isTaken.withLock { isTaken in
            defer { isTaken = true }
            return !isTaken
        }
        guard isMine else { throw FormError.secondReader }
        defer { isTaken.withLock { $0 = false } }
        return try await work(unsafe progress)
    }
}

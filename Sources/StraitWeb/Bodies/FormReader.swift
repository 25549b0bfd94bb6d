internal import StraitNetwork
internal import StraitRouting
internal import Synchronization

/// Reads a request's form once, and shares it between middleware and handler.
final class FormReader: Sendable {
    // SAFETY: only the task that has set `isTaken` uses `progress`, and the mutex orders the tasks.
    private nonisolated(unsafe) let progress: FormProgress
    private let isTaken = Mutex(false)

    init(_ body: RequestBody, contentType: String?) {
        unsafe progress = FormProgress(body, contentType: contentType)
    }

    /// Returns the whole form.
    func form(_ limits: FormLimits) async throws -> FormData {
        try await turn { try await $0.form(limits) }
    }

    /// Returns the value of the first field `name`. In a multipart form, only fields before the first file are found,
    /// and no byte of a file is read.
    func field(_ name: String, _ limits: FormLimits) async throws -> String? {
        try await turn { try await $0.field(name, limits) }
    }

    /// Returns a urlencoded body as received, if it was read; otherwise nil.
    func bytes() async throws -> Bytes? {
        try await turn { $0.bytes }
    }

    /// Returns the next part: first those read already, then those that arrive.
    func nextPart(_ limits: FormLimits) async throws -> FormPart? {
        try await turn { try await $0.nextPart(limits, self) }
    }

    /// Returns the next bytes of the file that is part `number`.
    func nextBytes(of number: Int, _ name: String) async throws -> Bytes? {
        try await turn { try await $0.nextBytes(of: number, name) }
    }

    /// Runs `work` unless another task is using the form.
    ///
    /// - Throws: ``FormError/secondReader`` if one is.
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

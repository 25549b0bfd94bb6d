internal import StraitNetwork
internal import StraitRouting

/// The body of a request whose form is read elsewhere: whoever asks for its bytes is told so.
struct ReadForm: RequestBodySource {
    nonisolated(nonsending) func next() async throws -> Bytes? {
        throw FormError.alreadyRead
    }
}

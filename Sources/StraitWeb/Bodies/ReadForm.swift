internal import StraitNetwork
internal import StraitRouting

/// The body of a request whose form was read already. Reading its bytes throws an error that says so.
struct ReadForm: RequestBodySource {
    nonisolated(nonsending) func next() async throws -> Bytes? {
        throw FormError.alreadyRead
    }
}

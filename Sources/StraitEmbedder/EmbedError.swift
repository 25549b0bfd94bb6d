/// The reason for which an app's files cannot be compiled in, as one line that also says what to do.
struct EmbedError: Error, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

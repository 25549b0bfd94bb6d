/// The reason why an app's files cannot be compiled in, in one line that says what to do.
struct EmbedError: Error, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

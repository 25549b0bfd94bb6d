/// A file to be compiled into a target.
struct EmbeddedFile: Hashable {
    /// The name that the program finds it by: `Templates/chat/room.html`.
    let name: String
    /// Its path on disk.
    let path: String
}

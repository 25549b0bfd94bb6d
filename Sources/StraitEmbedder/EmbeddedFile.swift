/// A file to compile into a target.
struct EmbeddedFile: Hashable {
    /// The name by which the program finds the file: `Templates/chat/room.html`.
    let name: String
    /// The file's path on disk.
    let path: String
}

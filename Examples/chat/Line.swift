import Foundation

/// Something that was said in a room.
public struct Line: Codable, Sendable, Equatable {
    /// Its own among all lines of all processes: what reaches a browser on two ways is shown once.
    let id: String
    let name: String
    let text: String
    let at: Date

    /// The most characters that one has.
    static let longest = 1000

    /// A new line, or nil where there is nothing to say, or too much.
    init?(_ text: String, by name: String, at time: Date = Date()) {
        guard !text.allSatisfy(\.isWhitespace), text.unicodeScalars.count <= Self.longest else { return nil }
        (id, self.name, self.text, at) = (UUID().uuidString, name, text, time)
    }
}

import Foundation

/// A line of a room.
public struct Line: Codable, Sendable, Equatable {
    /// An ID that is unique across processes, so that a browser shows a line only once.
    let id: String
    let name: String
    /// Whether a user who is logged in wrote the line.
    let isUser: Bool
    let text: String
    let at: Date

    /// The maximum number of characters.
    static let longest = 1000

    /// Creates a line, or returns nil if the text is blank or too long.
    init?(_ text: String, by name: String, isUser: Bool = false, at time: Date = Date()) {
        guard !text.allSatisfy(\.isWhitespace), text.unicodeScalars.count <= Self.longest else { return nil }
        (id, self.name, self.isUser, self.text, at) = (UUID().uuidString, name, isUser, text, time)
    }
}

import Foundation

/// Something that was said in a room.
public struct Line: Codable, Sendable, Equatable {
    let number: Int
    let name: String
    let text: String
    let at: Date

    /// The most characters that one has.
    static let longest = 1000
}

/// The metadata of a member, in addition to the name.
public struct Visitor: Codable, Sendable, Equatable {
    /// The hue of the name's mark, in degrees. It depends only on the name.
    let hue: Int
    /// Whether the member is a user who is logged in.
    let isUser: Bool

    init(_ name: ChatName) {
        isUser = name.isUser
        hue = name.text.unicodeScalars.reduce(0) { ($0 * 31 + Int($1.value)) % 360 }
    }
}

/// What is said of somebody who is in a room, beside the name.
public struct Visitor: Codable, Sendable, Equatable {
    /// The hue of the name's mark, in degrees: the same for a name wherever it is.
    let hue: Int

    init(_ name: PersonName) {
        hue = name.text.unicodeScalars.reduce(0) { ($0 * 31 + Int($1.value)) % 360 }
    }
}

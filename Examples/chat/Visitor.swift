/// The metadata of a member, in addition to the name.
public struct Visitor: Codable, Sendable, Equatable {
    /// The hue of the name's mark, in degrees. It depends only on the name.
    let hue: Int

    init(_ name: PersonName) {
        hue = name.text.unicodeScalars.reduce(0) { ($0 * 31 + Int($1.value)) % 360 }
    }
}

/// An error of a peer, with advice.
struct PeerError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }

    /// The error for a program that is not installed.
    static func missing(_ program: String) -> PeerError {
        PeerError("\(program) is not installed. Run `make test` or scripts/peers to install it.")
    }
}

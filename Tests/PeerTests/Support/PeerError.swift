/// Why a peer could not be talked to, in words that say what to do.
struct PeerError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }

    /// A program that the tests need is not installed.
    static func missing(_ program: String) -> PeerError {
        PeerError("\(program) is missing. Run `make test`, or scripts/peers, which installs what the tests talk to.")
    }
}

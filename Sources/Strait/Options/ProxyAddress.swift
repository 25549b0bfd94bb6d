import StraitCommandLine
import StraitNetwork

/// A peer whose forwarding headers are believed: a numeric address, a network, or `unix` for all that connect to a Unix
/// socket.
struct ProxyAddress: OptionValue, Hashable {
    let host: String

    init?(argument: String) {
        guard argument == "unix" || IPNetwork(argument) != nil else { return nil }
        host = argument
    }

    static var expectation: String { "a numeric address, a network such as 10.0.0.0/8, or 'unix'" }
}

import StraitCommandLine
import StraitNetwork

/// A trusted proxy: a numeric address, a network, or `unix` for all peers on a Unix socket.
struct ProxyAddress: OptionValue, Hashable {
    let host: String

    init?(argument: String) {
        guard argument == "unix" || IPNetwork(argument) != nil else { return nil }
        host = argument
    }

    static var expectation: String { "a numeric address, a network such as 10.0.0.0/8, or 'unix'" }
}

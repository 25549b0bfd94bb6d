import StraitNetwork

/// A peer whose forwarding fields are believed: a numeric address, or `unix` for whoever connects to a Unix socket.
struct ProxyAddress: OptionValue, Hashable {
    let host: String

    init?(argument: String) {
        guard argument != "unix" else {
            host = argument
            return
        }
        // Written as the kernel writes it: it is compared as text.
        guard let numeric = HostName.numeric(argument) else { return nil }
        host = numeric
    }

    static var expectation: String { "a numeric address or 'unix'" }
}
